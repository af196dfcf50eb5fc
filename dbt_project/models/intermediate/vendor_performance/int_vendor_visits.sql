{{ config(materialized='table') }}

{# Human sessions of the last twelve whole months by the vendor whose products they touched. #}
with sessions as (

    select *
    from {{ ref('fct_sessions') }}
    where
        session_kind = 'human'
        and session_date >= {{ months_before(month_of(as_of_end_date()), 12) }}
        and session_date < {{ month_of(as_of_end_date()) }}

),

steps as (

    select * from {{ ref('int_session_steps') }}
    where
        session_date >= {{ months_before(month_of(as_of_end_date()), 12) }}
        and session_date < {{ month_of(as_of_end_date()) }}

)

select
    -- ids
    steps.vendor_id,
    sessions.session_id,
    sessions.visitor_id,

    -- text
    sessions.channel,
    sessions.landing_page,

    -- booleans
    bool_or(steps.event_type = 'order_completed') as is_converted,

    -- dates
    sessions.session_date,

    -- timestamps
    sessions.started_at
from steps
inner join sessions
    on steps.session_id = sessions.session_id
where steps.vendor_id is not null
group by
    steps.vendor_id,
    sessions.session_id,
    sessions.visitor_id,
    sessions.channel,
    sessions.landing_page,
    sessions.session_date,
    sessions.started_at
