{{ config(materialized='view') }}

select
    -- ids
    vendor_id,

    -- text
    currency_code,

    -- numbers
    order_count,
    line_count,
    unit_count,
    cancelled_order_count,
    gmv,
    gmv_net,
    shipping_amount,
    commission_amount,

    -- dates
    order_date,
    as_of_date
from {{ ref('mart_vendor_daily') }}
