{# Rank and share would tell about the other vendors. #}
{{ config(materialized='view') }}

select
    -- ids
    vendor_id,
    window_id,

    -- text
    worst_state,
    currency_code,

    -- numbers
    gmv,
    gmv_net,
    commission_amount,
    order_count,
    unit_count,
    average_order_value,
    cancelled_order_count,
    review_score,
    review_count,
    previous_gmv,
    previous_order_count,

    -- dates
    window_start,
    window_end,
    as_of_date
from {{ ref('mart_vendor_summary') }}
