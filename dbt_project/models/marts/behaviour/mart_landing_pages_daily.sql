{{ config(materialized='incremental', partition_by=['session_date']) }}

with sessions as (

    select * from {{ ref('fct_sessions') }}
    where
        session_kind = 'human' and landing_page is not null
        and {{ is_stale('session_date') }}

)

select
    -- text
    landing_page,

    -- numbers
    count(*) as sessions,
    count(case when is_engaged then 1 end) as engaged_sessions,
    count(case when purchased then 1 end) as converted_sessions,

    -- dates
    session_date,
    {{ as_of_date() }} as as_of_date
from sessions
group by landing_page, session_date
