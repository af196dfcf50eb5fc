select
    -- ids
    order_line_id,
    order_id,
    vendor_id,
    product_id,
    customer_id,
    category_id,

    -- text
    status,
    channel,
    currency_code,
    cancelled_by,
    fulfilled_by,
    product_name,
    category_name,

    -- numbers
    quantity,
    unit_price,
    discount_amount,
    gmv,
    gmv_net,
    shipping_amount,
    commission_amount,

    -- booleans
    is_cancelled,
    is_in_gmv_net,
    is_shipped_late,
    is_late,
    is_late_by_date,
    is_overdue,

    -- dates
    order_date,
    ship_by_date,
    promised_date,
    shipped_date,
    delivered_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    ordered_at,
    accepted_at,
    ship_by_at,
    promised_at,
    shipped_at,
    delivered_at,
    cancelled_at
from {{ ref('int_order_lines_judged') }}
