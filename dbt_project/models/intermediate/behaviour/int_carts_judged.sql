{{ config(materialized='table') }}

{# A cart is followed by its id, through sessions and devices; an order may come by any channel. It
   is whose session it was, or whose browser where that has one user. #}
with visitors as (

    select * from {{ ref('int_visitors_linked') }}
    where link_reason in ('ordered', 'signed_in')

),

visits as (

    select
        visits.*,
        coalesce(visits.customer_id, visitors.customer_id) as buyer_id
    from {{ ref('int_carts_summarised_to_session') }} as visits
    left join visitors
        on visits.visitor_id = visitors.visitor_id

),

filled as (

    select
        visits.cart_id,
        case
            when visits.currency_code = '{{ var("currency_code") }}' then visits.added_amount
            else {{ converted('visits.added_amount', 'rates.exchange_rate') }}
        end as added_value
    from visits
    left join {{ ref('int_exchange_rates_spanned') }} as rates
        on
            {{ is_rate_of(
                'rates', 'visits.currency_code', "'" ~ var('currency_code') ~ "'",
                'visits.session_date'
            ) }}
    where visits.filling_count > 0

),

{# What went in less what was taken out; not known where anything has no price or no rate. #}
contents as (

    select
        cart_id,
        case when count(*) = count(added_value) then greatest(sum(added_value), 0) end as cart_value
    from filled
    group by cart_id

),

orders as (

    select
        cart_id,
        min(ordered_at) as ordered_at
    from {{ ref('stg_shop__orders') }}
    where cart_id is not null and ordered_at < {{ stored_start_of(as_of_end_date()) }}
    group by cart_id

),

carts as (

    select
        cart_id,
        min(first_event_date) as cart_date,
        min(first_event_at) as first_event_at,
        min(created_at) as created_at,
        min(checkout_at) as checkout_at,
        min(completed_at) as completed_at,
        bool_or(is_for_approval) as is_for_approval,
        bool_or(is_granted) as is_granted,
        bool_or(is_refused) as is_refused,
        -- a link that two customers opened is neither's
        case when min(buyer_id) = max(buyer_id) then min(buyer_id) end as customer_id
    from visits
    group by cart_id

),

beginnings as (

    select
        visits.cart_id,
        min(visits.device) as device,
        min(visits.channel) as channel
    from visits
    inner join carts
        on visits.cart_id = carts.cart_id and visits.first_event_at = carts.first_event_at
    group by visits.cart_id

),

joined as (

    select
        carts.*,
        beginnings.device,
        beginnings.channel,
        contents.cart_value,
        {{ earlier('orders.ordered_at', 'carts.completed_at') }} as ordered_at
    from carts
    inner join beginnings
        on carts.cart_id = beginnings.cart_id
    left join contents
        on carts.cart_id = contents.cart_id
    left join orders
        on carts.cart_id = orders.cart_id

)

select
    -- ids
    cart_id,
    customer_id,

    -- text
    device,
    channel,
    {{ cart_state('created_at') }} as cart_state,
    {{ cart_state('checkout_at') }} as checkout_state,

    -- numbers
    {{ money('cart_value') }} as cart_value,

    -- dates
    cart_date,

    -- timestamps
    created_at,
    checkout_at,
    ordered_at
from joined
