-- audience: operator
select
    order_stage,
    order_month,
    ended_count,
    running_count,
    median_hours,
    p90_hours
from marts.mart_order_cycle_times
order by order_stage asc, order_month desc
