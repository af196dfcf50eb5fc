{{ config(materialized='incremental', partition_by=['session_date']) }}

{# Medians of days give no median of a month; counts by ten seconds do, to ten seconds. #}
with sessions as (

    select
        session_date,
        cast(floor(checkout_seconds / 10) * 10 as bigint) as seconds_from
    from {{ ref('fct_sessions') }}
    where
        session_kind = 'human' and checkout_seconds is not null
        and {{ is_stale('session_date') }}

)

select
    -- numbers
    seconds_from,
    count(*) as sessions,

    -- dates
    session_date,
    {{ as_of_date() }} as as_of_date
from sessions
group by seconds_from, session_date
