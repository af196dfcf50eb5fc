{# How long buyers waited for a vendor's answer to what needed one, by the hour, weekends included.
   What a machine wrote is no answer. Patience ends after 72 hours: an answer that comes later, or
   never, took 72, and counts from then on; so silence costs more than a slow answer. #}
{%- set patience_hours = 72 %}
with messages as (

    select
        *,
        min(case when direction = 'outbound' and not is_automatic then sent_at end) over (
            partition by conversation_id
            order by sent_at desc nulls last, message_id desc nulls last
            rows between unbounded preceding and current row
        ) as answered_at,
        lag(direction) over conversation as direction_before,
        lag(needs_answer) over conversation as needed_answer_before
    from {{ ref('stg_vendor_portal__vendor_messages') }}
    where
        {{ business_date('sent_at') }} < {{ as_of_end_date() }} and not (
            direction = 'outbound' and is_automatic
        )
    window conversation as (
        partition by conversation_id order by sent_at asc nulls last, message_id asc nulls last
    )

),

waited as (

    select
        *,
        coalesce({{ hours_between('sent_at', 'answered_at') }}, {{ patience_hours }})
            as waiting_hours
    from messages
    where
        direction = 'inbound'
        and needs_answer
        and not is_automatic
        -- who asks again before the answer asks the same
        and not coalesce(direction_before = 'inbound' and needed_answer_before, false)

),

counted as (

    select
        *,
        case
            when waiting_hours < {{ patience_hours }} then {{ business_date('answered_at') }}
            else {{ days_after(business_date('sent_at'), 3) }}
        end as known_date
    from waited

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
    {{ units(rounded('least(counted.waiting_hours, ' ~ patience_hours ~ ')')) }} as numerator_value,
    {{ units('1') }} as denominator_value,

    -- booleans
    true as is_in_numerator,

    -- dates
    {{ business_date('counted.sent_at') }} as membership_date,
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
