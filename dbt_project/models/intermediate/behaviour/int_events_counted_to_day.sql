{{ config(materialized='incremental', partition_by=['event_date']) }}

{# Each event is counted once: in a session, or for the first reason why it is in none. #}
with events as (

    select
        {{ business_date('occurred_at') }} as event_date,
        case
            when visitor_id is null then 'nobody'
            when not {{ is_in_time() }} then 'late'
            else 'session'
        end as place
    from {{ ref('stg_tracking__events') }}
    where {{ is_event(()) }} and {{ is_of_days_built() }}

)

select
    -- numbers
    count(*) as events,
    count(case when place = 'session' then 1 end) as session_events,
    count(case when place = 'nobody' then 1 end) as visitorless_events,
    count(case when place = 'late' then 1 end) as late_events,

    -- dates
    event_date
from events
where {{ is_stale('event_date') }}
group by event_date
