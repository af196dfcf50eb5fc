{{ config(materialized='incremental', partition_by=['order_date']) }}

select
    -- ids
    step_id,
    order_id,
    vendor_id,
    order_line_id,

    -- text
    step,
    actor,
    currency_code,

    -- numbers
    amount,

    -- dates
    order_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    occurred_at
from {{ ref('int_order_steps_united') }}
where {{ is_stale('order_date') }}
