-- audience: operator
select
    kind,
    vendor_id,
    detail,
    occurred_at
from marts.mart_touchpoints
where order_id = $order_id and kind in ('ticket', 'review', 'survey', 'vendor_message')
