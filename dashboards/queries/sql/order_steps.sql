-- audience: operator
select
    step,
    actor,
    vendor_id,
    order_line_id,
    currency_code,
    amount,
    occurred_at
from marts.fct_order_steps
where order_id = $order_id
