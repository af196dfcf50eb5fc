-- audience: vendor
select
    vendor_id,
    order_id,
    order_line_id,
    product_id,
    product_name,
    status,
    currency_code,
    quantity,
    unit,
    unit_price,
    discount_amount,
    gmv,
    commission_amount,
    is_late,
    promised_at,
    shipped_at,
    delivered_at
from marts.fct_order_lines
where
    vendor_id = $vendor_id
    and order_id = $order_id
order by order_line_id
