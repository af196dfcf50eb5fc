{{ config(materialized='table') }}

{# A cart is followed by its id, through sessions and devices; an order may come by any channel. It
   is whose session it was, or whose browser where that has one user. #}
with sessions as (

    select * from {{ ref('fct_sessions') }}
    where session_kind = 'human'

),

visitors as (

    select * from {{ ref('int_visitors_linked') }}
    where link_reason in ('ordered', 'signed_in')

),

steps as (

    select
        steps.*,
        sessions.device,
        sessions.channel,
        coalesce(sessions.customer_id, visitors.customer_id) as customer_id,
        case steps.event_type
            when 'product_added' then steps.quantity
            when 'product_removed' then -steps.quantity
        end as added_quantity
    from {{ ref('int_session_steps') }} as steps
    inner join sessions
        on steps.session_id = sessions.session_id
    left join visitors
        on sessions.visitor_id = visitors.visitor_id
    where steps.cart_id is not null

),

filled as (

    select
        steps.cart_id,
        {{ converted(
            'steps.added_quantity * steps.unit_price',
            "case when steps.currency_code = '" ~ var('currency_code')
            ~ "' then cast(1 as decimal(20, 10)) else rates.exchange_rate end"
        ) }} as added_value
    from steps
    left join {{ ref('int_exchange_rates_spanned') }} as rates
        on
            {{ is_rate_of(
                'rates', 'steps.currency_code', "'" ~ var('currency_code') ~ "'",
                'steps.session_date'
            ) }}
    where steps.added_quantity is not null

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
        min(occurred_at) as first_event_at,
        min(case when event_type = 'product_added' then occurred_at end) as created_at,
        min(case when event_type = 'checkout_started' then occurred_at end) as checkout_at,
        min(case when event_type = 'order_completed' then occurred_at end) as completed_at,
        bool_or(event_type = 'approval_requested') as is_for_approval,
        bool_or(event_type = 'approval_granted') as is_granted,
        bool_or(event_type = 'approval_refused') as is_refused,
        -- a link that two customers opened is neither's
        case when min(customer_id) = max(customer_id) then min(customer_id) end as customer_id
    from steps
    group by cart_id

),

beginnings as (

    select
        steps.cart_id,
        min(steps.device) as device,
        min(steps.channel) as channel
    from steps
    inner join carts
        on steps.cart_id = carts.cart_id and steps.occurred_at = carts.first_event_at
    group by steps.cart_id

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
    {{ business_date('first_event_at') }} as cart_date,

    -- timestamps
    created_at,
    checkout_at,
    ordered_at
from joined
