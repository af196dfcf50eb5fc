{# A cart is followed by its id, through sessions and devices; an order may come by any channel. #}
with sessions as (

    select * from {{ ref('fct_sessions') }}
    where session_kind = 'human'

),

steps as (

    select
        steps.*,
        sessions.device,
        sessions.channel
    from {{ ref('int_session_steps') }} as steps
    inner join sessions
        on steps.session_id = sessions.session_id
    where steps.cart_id is not null

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
        bool_or(event_type = 'approval_refused') as is_refused
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
        {{ earlier('orders.ordered_at', 'carts.completed_at') }} as ordered_at
    from carts
    inner join beginnings
        on carts.cart_id = beginnings.cart_id
    left join orders
        on carts.cart_id = orders.cart_id

)

select
    -- ids
    cart_id,

    -- text
    device,
    channel,
    {{ cart_state('created_at') }} as cart_state,
    {{ cart_state('checkout_at') }} as checkout_state,

    -- dates
    {{ business_date('first_event_at') }} as cart_date,

    -- timestamps
    created_at,
    checkout_at,
    ordered_at
from joined
