{{ config(materialized='view') }}

select
    -- ids
    vendor_id,
    product_id,

    -- text
    product_name,
    category_name,
    currency_code,

    -- numbers
    unit_count,
    order_count,
    gmv,
    gmv_net,

    -- dates
    first_order_date,
    last_order_date,
    as_of_date
from {{ ref('mart_vendor_products') }}
