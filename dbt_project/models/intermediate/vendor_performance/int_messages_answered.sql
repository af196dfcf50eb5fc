{# How long buyers waited for a vendor's answer to what needed one, by the hour, weekends included.
   What a machine wrote is no answer. Patience ends after 72 hours: an answer that comes later, or
   never, took 72, and counts from then on; so silence costs more than a slow answer. #}
with messages as (

    select * from {{ ref('stg_vendor_portal__vendor_messages') }}

),

counted as (

    {{ messages_waited('messages', as_of_end_date()) }}

)

select
    -- ids
    'response_hours' as metric_id,
    counted.vendor_id,
    counted.message_id as unit_id,
    vendor_orders.order_id,
    cast(null as string) as order_line_id,

    -- text
    'message' as unit_kind,
    cast(null as string) as fault_class,

    -- numbers
    counted.waiting_hours as numerator_value,
    {{ units('1') }} as denominator_value,

    -- booleans
    true as is_in_numerator,

    -- dates
    counted.sent_date as membership_date,
    counted.known_date as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from
from counted
-- a question may name no order, or one that is no fact
left join {{ ref('fct_vendor_orders') }} as vendor_orders
    on
        counted.order_id = vendor_orders.order_id
        and counted.vendor_id = vendor_orders.vendor_id
where counted.known_date < {{ as_of_end_date() }}
