{{ config(materialized='incremental', partition_by=['order_date']) }}

select
    -- ids
    order_id,
    vendor_id,

    -- text
    status,
    channel,
    currency_code,
    original_currency_code,
    ship_by_basis,

    -- numbers
    line_count,
    unit_count,
    gmv,
    gmv_net,
    shipping_amount,
    commission_amount,
    original_gmv,

    -- booleans
    is_cancelled,
    is_late,

    -- dates
    order_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    ordered_at,
    ship_by_at,
    promised_at,
    shipped_at,
    delivered_at
from {{ ref('int_order_lines_summed_to_vendor_order') }}
where {{ is_stale('order_date') }}
