-- audience: operator
select
    touchpoint_id,
    kind,
    source_system,
    channel,
    direction,
    detail,
    score,
    order_id,
    occurred_at
from marts.mart_touchpoints
where
    customer_id = $customer_id
    and ($kind is null or kind = $kind)
    and ($system is null or source_system = $system)
    and touchpoint_date >= $from_date
    and touchpoint_date <= $to_date
