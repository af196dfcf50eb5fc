{{ config(materialized='view') }}

select
    -- ids
    order_line_id,
    order_id,
    vendor_id,
    product_id,

    -- text
    status,
    currency_code,
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
    is_shipped_late,
    is_late,
    is_late_by_date,

    -- dates
    order_date,
    as_of_date,

    -- timestamps
    ship_by_at,
    promised_at,
    shipped_at,
    delivered_at
from {{ ref('fct_order_lines') }}
