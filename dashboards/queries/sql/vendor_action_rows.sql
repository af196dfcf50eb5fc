-- audience: vendor
select
    vendor_id,
    action_id,
    unit_id,
    order_id,
    line_count,
    offer_count,
    gmv,
    currency_code,
    due_at,
    unit_name
from marts.mart_vendor_action_rows
where
    vendor_id = $vendor_id
    and ($action is null or action_id = $action)
