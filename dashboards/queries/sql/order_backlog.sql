-- audience: operator
select
    waits_for,
    from_days,
    currency_code,
    part_count,
    overdue_count,
    gmv
from marts.mart_order_backlog
order by waits_for, from_days, currency_code
