{# The earliest visit of a customer, also before the first sign-in where the browser is the
   customer's own. #}
with sessions as (

    select * from {{ ref('fct_sessions') }}
    where session_kind = 'human'

),

visitors as (

    select * from {{ ref('int_visitors_linked') }}
    where link_reason in ('ordered', 'signed_in')

),

owned as (

    select
        coalesce(sessions.customer_id, visitors.customer_id) as customer_id,
        sessions.session_id,
        sessions.channel,
        sessions.device,
        sessions.started_at
    from sessions
    left join visitors
        on sessions.visitor_id = visitors.visitor_id

)

select
    -- ids
    customer_id,

    -- text
    channel as first_touch_channel,
    device as first_touch_device
from owned
where customer_id is not null
qualify row_number() over (
    partition by customer_id
    order by started_at asc nulls last, session_id asc nulls last
) = 1
