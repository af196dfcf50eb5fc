{{ config(
    materialized='incremental',
    partition_by=['touchpoint_date'],
    meta={'days_are_compared': true}
) }}

select
    -- ids
    touchpoint_id,
    customer_id,
    account_id,
    contact_id,
    order_id,
    vendor_id,

    -- text
    kind,
    source_system,
    channel,
    direction,
    detail,

    -- numbers
    score,

    -- dates
    touchpoint_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    occurred_at
from {{ ref('int_touchpoints_united') }}
