-- audience: operator
select
    order_id,
    customer_id,
    cart_id,
    ordered_at,
    approved_at,
    order_date,
    status,
    channel,
    currency_code,
    line_count,
    vendor_count,
    unit_count,
    gmv,
    gmv_net,
    shipping_amount,
    commission_amount,
    paid_amount,
    refunded_amount,
    promised_at,
    shipped_at,
    delivered_at,
    is_cancelled,
    is_late
from marts.fct_orders
where order_id = $order_id
