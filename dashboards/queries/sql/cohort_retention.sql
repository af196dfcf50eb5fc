-- audience: operator
select
    cohort_month,
    month_index,
    customers,
    active_customers,
    retention_rate,
    is_complete
from marts.mart_cohort_retention
where cohort_month >= $first_month and month_index <= $last_index
order by cohort_month desc, month_index asc
