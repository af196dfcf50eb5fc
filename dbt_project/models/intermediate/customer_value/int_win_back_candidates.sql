{# Whoever fell silent beyond its own limit within the last ninety days and may be written to; with
   what its last orders met with. Older silences are left alone. #}
{%- set listed_within_days = 90 %}
with lapsed as (

    select *
    from {{ ref('int_customer_rhythms') }}
    where lapsed_on > {{ days_before(as_of_date(), listed_within_days) }}

),

{# What was ordered since and brought nothing, because it was cancelled, may be why. #}
met as (

    select
        lapsed.customer_id,
        bool_or(experiences.lost_order) as is_lost_order,
        bool_or(coalesce(experiences.late_delivery, false)) as is_late_delivery,
        bool_or(coalesce(experiences.unanswered_message, false)) as is_unanswered_message,
        bool_or(coalesce(experiences.price_rise, false)) as is_price_rise,
        bool_or(coalesce(experiences.ticket, false)) as is_ticket
    from {{ ref('int_order_experiences') }} as experiences
    inner join lapsed
        on
            experiences.customer_id = lapsed.customer_id
            and experiences.order_date >= lapsed.last_purchase_date
    group by lapsed.customer_id

),

reachable as (

    select
        customer_id,
        channel
    from {{ ref('int_contactability_judged') }}
    where
        purpose = 'marketing'
        and vendor_id is null
        and is_contactable
        and channel in ('email', 'sms', 'phone', 'post', 'push')
    qualify row_number() over (
        partition by customer_id
        order by
            case channel
                when 'email' then 1
                when 'sms' then 2
                when 'phone' then 3
                when 'post' then 4
                else 5
            end asc nulls last,
            contact_id asc nulls last,
            vendor_id asc nulls last
    ) = 1

)

select
    -- ids
    lapsed.customer_id,

    -- text
    case
        when met.is_lost_order then 'lost_order'
        when met.is_late_delivery then 'late_delivery'
        when met.is_unanswered_message then 'unanswered_message'
        when met.is_price_rise then 'price_rise'
        when met.is_ticket then 'ticket'
        else 'none_known'
    end as reason_code,
    reachable.channel as contact_channel,

    -- numbers
    lapsed.silence_days,
    lapsed.limit_days,
    lapsed.historic_value,

    -- booleans
    met.is_lost_order,
    met.is_late_delivery,
    met.is_unanswered_message,
    met.is_price_rise,
    met.is_ticket,

    -- dates
    lapsed.last_purchase_date as silent_since
from lapsed
inner join reachable
    on lapsed.customer_id = reachable.customer_id
inner join met
    on lapsed.customer_id = met.customer_id
