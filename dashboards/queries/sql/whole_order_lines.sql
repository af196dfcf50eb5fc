-- audience: operator
select
    lines.vendor_id,
    vendors.vendor_name,
    lines.order_line_id,
    lines.product_id,
    lines.product_name,
    lines.status,
    lines.currency_code,
    lines.quantity,
    lines.unit,
    lines.unit_price,
    lines.discount_amount,
    lines.gmv,
    lines.ship_by_at,
    lines.shipped_at,
    lines.promised_at,
    lines.delivered_at
from marts.fct_order_lines as lines
left join marts.dim_vendors as vendors
    on lines.vendor_id = vendors.vendor_id
where lines.order_id = $order_id
order by
    lower(vendors.vendor_name),
    lines.vendor_id,
    lines.order_line_id
