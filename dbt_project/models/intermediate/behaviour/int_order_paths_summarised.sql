{{ config(
    materialized='incremental',
    partition_by=['session_date'],
    incremental_predicates=[
        "session_date >= (select min(stale_date) from raw.stale_session_days)"
    ]
) }}

{# A visit leads to the visitor's first order from then on, in the same session or in one of the 30
   days after it. #}
with sessions as (

    select
        *,
        min(case when purchased then started_at end) over (
            partition by visitor_id order by started_at nulls last
            rows between current row and unbounded following
        ) as ordered_at
    from {{ ref('fct_sessions') }}
    where session_kind = 'human' and {{ is_built_from('session_date', 31) }}

),

orders as (

    select
        session_id,
        visitor_id,
        started_at,
        session_date
    from sessions
    where purchased and {{ is_built_from('session_date', 0) }}

),

visits as (

    select
        orders.session_id,
        orders.session_date,
        sessions.channel,
        sessions.started_at,
        sessions.session_date as visit_date,
        coalesce(
            sessions.channel <> lag(sessions.channel) over (
                partition by orders.session_id order by sessions.started_at nulls last
            ),
            true
        ) as is_other_channel
    from sessions
    inner join orders
        on sessions.visitor_id = orders.visitor_id and sessions.ordered_at = orders.started_at
    where sessions.session_date >= {{ days_before('orders.session_date', 30) }}

),

turns as (

    select
        *,
        row_number() over (
            partition by session_id order by started_at nulls last
        ) as turn,
        count(*) over (partition by session_id) as turn_count
    from visits
    where is_other_channel

),

ends as (

    -- the middle of a long way is left out
    select
        *,
        case
            when turn <= 2 or turn_count <= 5 then turn
            when turn > turn_count - 2 then turn - turn_count + 5
        end as place
    from turns

),

paths as (

    select
        session_id,
        min(case when place = 1 then channel end) as first_channel,
        min(case when place = 2 then channel end) as second_channel,
        min(case when turn_count > 5 then 'more' when place = 3 then channel end) as third_channel,
        min(case when place = 4 then channel end) as fourth_channel,
        min(case when place = 5 then channel end) as fifth_channel
    from ends
    group by session_id

),

lengths as (

    select
        session_id,
        session_date,
        count(*) as visit_count,
        {{ days_between('min(visit_date)', 'session_date') }} as day_count
    from visits
    group by session_id, session_date

)

select
    -- ids
    paths.session_id,

    -- text
    paths.first_channel,
    paths.first_channel
    || coalesce(' > ' || paths.second_channel, '')
    || coalesce(' > ' || paths.third_channel, '')
    || coalesce(' > ' || paths.fourth_channel, '')
    || coalesce(' > ' || paths.fifth_channel, '') as channel_path,

    -- numbers
    lengths.visit_count,
    cast(lengths.day_count as bigint) as day_count,

    -- dates
    lengths.session_date
from paths
inner join lengths
    on paths.session_id = lengths.session_id
