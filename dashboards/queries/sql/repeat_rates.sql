-- audience: operator
select
    definition,
    day_count,
    customers,
    repeat_customers,
    repeat_rate,
    period_begins,
    period_ends
from marts.mart_repeat_rate
where is_complete
order by definition asc, day_count asc, period_begins desc
