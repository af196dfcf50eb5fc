{{ config(materialized='incremental', partition_by=['session_date']) }}

{# Kept by day, so that what became of a cart is asked of few rows. What was put in stays in its own
   currency: a rate may be restated after the day. #}
with sessions as (

    select
        session_id,
        visitor_id,
        customer_id,
        device,
        channel
    from {{ ref('fct_sessions') }}
    where session_kind = 'human' and {{ is_stale('session_date') }}

),

steps as (

    select
        *,
        case event_type
            when 'product_added' then quantity
            when 'product_removed' then -quantity
        end as added_quantity
    from {{ ref('int_session_steps') }}
    where cart_id is not null and {{ is_stale('session_date') }}

),

visits as (

    select
        cart_id,
        session_id,
        session_date,
        case when added_quantity is not null then currency_code end as currency_code,
        count(added_quantity) as filling_count,
        case
            when count(added_quantity) = count(added_quantity * unit_price)
                then sum({{ money('added_quantity * unit_price') }})
        end as added_amount,
        bool_or(event_type = 'approval_requested') as is_for_approval,
        bool_or(event_type = 'approval_granted') as is_granted,
        bool_or(event_type = 'approval_refused') as is_refused,
        min(occurred_at) as first_event_at,
        min(case when event_type = 'product_added' then occurred_at end) as created_at,
        min(case when event_type = 'checkout_started' then occurred_at end) as checkout_at,
        min(case when event_type = 'order_completed' then occurred_at end) as completed_at
    from steps
    group by
        cart_id,
        session_id,
        session_date,
        case when added_quantity is not null then currency_code end

)

select
    -- ids
    visits.cart_id,
    visits.session_id,
    sessions.visitor_id,
    sessions.customer_id,

    -- text
    sessions.device,
    sessions.channel,
    visits.currency_code,

    -- numbers
    visits.filling_count,
    visits.added_amount,

    -- booleans
    visits.is_for_approval,
    visits.is_granted,
    visits.is_refused,

    -- dates
    visits.session_date,
    {{ business_date('visits.first_event_at') }} as first_event_date,

    -- timestamps
    visits.first_event_at,
    visits.created_at,
    visits.checkout_at,
    visits.completed_at
from visits
inner join sessions
    on visits.session_id = sessions.session_id
