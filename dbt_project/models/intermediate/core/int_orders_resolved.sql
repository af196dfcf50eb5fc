{{ config(materialized='incremental', partition_by=['order_date']) }}

with orders as (

    select * from {{ ref('stg_shop__orders') }}
    -- test orders leave here, once, and count nowhere
    where
        not is_test
        and order_date < {{ as_of_end_date() }}
        and {{ is_stale('order_date') }}

),

customers as (

    select
        customer_record_id,
        customer_id
    from {{ ref('stg_shop__customers') }}

),

dated as (

    select
        *,
        {{ business_date('cancelled_at') }} as cancellation_date
    from orders

)

select
    -- ids
    dated.order_id,
    coalesce(dated.customer_id, customers.customer_id, dated.customer_record_id) as customer_id,

    -- text
    dated.status,
    dated.channel,
    dated.currency_code,
    dated.cancelled_by,

    -- numbers
    dated.shipping_amount,

    -- booleans: a cancellation without a date is taken as known, one after as_of_date is not yet
    dated.status = 'cancelled'
    and coalesce(dated.cancellation_date < {{ as_of_end_date() }}, true) as is_cancelled,

    -- dates
    dated.order_date,

    -- timestamps
    dated.ordered_at,
    {{ known_by('dated.approved_at') }} as approved_at,
    case when dated.cancellation_date < {{ as_of_end_date() }} then dated.cancelled_at end
        as cancelled_at
from dated
left join customers
    on dated.customer_record_id = customers.customer_record_id
