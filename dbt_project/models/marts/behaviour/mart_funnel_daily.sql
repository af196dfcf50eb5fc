{{ config(materialized='incremental', partition_by=['session_date']) }}

with sessions as (

    select * from {{ ref('fct_sessions') }}
    where {{ is_stale('session_date') }}

)

select
    -- text
    device,
    channel,

    -- numbers
    count(case when session_kind = 'human' then 1 end) as sessions,
    count(case when session_kind = 'human' and funnel_step >= 1 then 1 end) as viewed,
    count(case when session_kind = 'human' and funnel_step >= 2 then 1 end) as added_to_cart,
    count(case when session_kind = 'human' and funnel_step >= 3 then 1 end) as began_checkout,
    count(case when session_kind = 'human' and funnel_step >= 4 then 1 end) as purchased,
    count(case when session_kind = 'human' and purchased then 1 end) as converted_sessions,
    count(case when session_kind = 'human' and is_engaged then 1 end) as engaged_sessions,
    count(case when session_kind = 'bot' then 1 end) as bot_sessions,
    count(case when session_kind = 'test' then 1 end) as test_sessions,

    -- dates
    session_date,
    {{ as_of_date() }} as as_of_date
from sessions
group by device, channel, session_date
