{{ config(materialized='incremental', partition_by=['order_date']) }}

{# What vendors decided on the parts of orders that were sent to them, each with its day and its
   second: an order has several events, and a clock's time is dear to find. Working days are counted
   where they are read, for they may change when no order does. #}
with vendor_orders as (

    select
        order_id,
        vendor_id,
        order_date
    from {{ ref('fct_vendor_orders') }}
    where {{ is_stale('order_date') }}

),

events as (

    select
        order_id,
        vendor_id,
        event_type,
        order_event_id,
        {{ known_by('occurred_at') }} as occurred_at
    from {{ ref('stg_oms__order_events') }}
    where
        vendor_id is not null
        and event_type in ('sent_to_vendor', 'accepted', 'refused', 'auto_rejected')
        and {{ is_of_stale_order('order_id') }}

),

decisions as (

    {{ vendor_orders_decided('events', 'vendor_orders') }}

),

sent as (

    select
        order_id,
        vendor_id,
        min(occurred_at) as sent_at
    from events
    where event_type = 'sent_to_vendor'
    group by order_id, vendor_id

)

select
    -- ids
    decisions.order_id,
    decisions.vendor_id,

    -- text
    decisions.event_type,
    {{ business_time_of_day('sent.sent_at') }} as sent_time_of_day,

    -- numbers
    {{ seconds_of_business_day('decisions.decided_at') }} as decided_second,
    {{ seconds_of_business_day('sent.sent_at') }} as sent_second,

    -- dates
    decisions.decided_date,
    {{ business_date('sent.sent_at') }} as sent_date,
    vendor_orders.order_date
from decisions
inner join vendor_orders
    on
        decisions.order_id = vendor_orders.order_id
        and decisions.vendor_id = vendor_orders.vendor_id
left join sent
    on decisions.order_id = sent.order_id and decisions.vendor_id = sent.vendor_id
