-- audience: operator
select
    vendor_id,
    ship_by_at,
    shipped_at,
    promised_at,
    delivered_at
from marts.fct_vendor_orders
where order_id = $order_id
