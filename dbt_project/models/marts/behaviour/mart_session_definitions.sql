{# What the last 28 days would be under other definitions; which sessions are those of people is
   left as it is. An activity is read from a week before these days on: one that goes on for longer
   without a pause is cut elsewhere. #}
with definitions as (

    select * from {{ ref('session_definitions') }}
    where
        inactivity_minutes <> {{ var('session_inactivity_minutes') }}
        or is_cut_at_midnight <> {{ var('sessions_cut_at_midnight') }}

),

human_sessions as (

    select session_id
    from {{ ref('fct_sessions') }}
    where
        session_kind = 'human'
        and session_date >= {{ days_before(as_of_end_date(), 35) }}

),

spans as (

    select
        spans.visitor_id,
        spans.span_number,
        spans.view_count,
        spans.key_event_count,
        spans.order_event_count,
        spans.engagement_seconds,
        spans.first_event_at,
        spans.last_event_at,
        {{ business_date('spans.first_event_at') }} as first_event_date,
        {{ business_date('spans.last_event_at') }} as last_event_date
    from {{ ref('int_session_spans') }} as spans
    inner join human_sessions
        on {{ session_id_of('spans') }} = human_sessions.session_id
    where spans.session_date >= {{ days_before(as_of_end_date(), 35) }}

),

before as (

    select
        *,
        lag(last_event_at) over (
            partition by visitor_id order by span_number nulls last
        ) as event_before_at,
        lag(last_event_date) over (
            partition by visitor_id order by span_number nulls last
        ) as event_before_date
    from spans

),

defined as (

    select
        before.*,
        definitions.definition_id,
        definitions.inactivity_minutes,
        definitions.is_cut_at_midnight
    from before
    cross join definitions

),

activities as (

    select
        *,
        max(
            case
                when
                    {{ begins_activity(
                        'event_before_at',
                        'inactivity_minutes',
                        'is_cut_at_midnight and first_event_date > event_before_date'
                    ) }}
                    then span_number
            end
        ) over (
            partition by definition_id, visitor_id order by span_number nulls last
            rows between unbounded preceding and current row
        ) as activity_span
    from defined

),

pieces as (

    select
        *,
        {{ piece_of_activity() }} as piece_number
    from activities

),

sessions as (

    select
        definition_id,
        inactivity_minutes,
        is_cut_at_midnight,
        sum(view_count) as view_count,
        sum(key_event_count) as key_event_count,
        sum(order_event_count) as order_event_count,
        coalesce(sum(engagement_seconds), 0) as engagement_seconds,
        min(first_event_date) as session_date,
        min(first_event_at) as started_at,
        max(last_event_at) as ended_at
    from pieces
    group by
        definition_id,
        inactivity_minutes,
        is_cut_at_midnight,
        visitor_id,
        activity_span,
        piece_number

),

judged as (

    select
        definition_id,
        inactivity_minutes,
        is_cut_at_midnight,
        order_event_count > 0 as purchased,
        greatest({{ seconds_between('started_at', 'ended_at') }}, engagement_seconds) > 10
        or key_event_count > 0
        or view_count >= 2 as is_engaged,
        session_date
    from sessions

),

by_day as (

    select
        definition_id,
        inactivity_minutes,
        is_cut_at_midnight,
        false as is_in_force,
        count(*) as session_count,
        count(case when purchased then 1 end) as converted_sessions,
        count(case when is_engaged then 1 end) as engaged_sessions,
        session_date
    from judged
    group by definition_id, inactivity_minutes, is_cut_at_midnight, session_date

    union all

    select
        'in_force' as definition_id,
        cast({{ var('session_inactivity_minutes') }} as bigint) as inactivity_minutes,
        cast({{ var('sessions_cut_at_midnight') }} as boolean) as is_cut_at_midnight,
        true as is_in_force,
        cast(sum(sessions) as bigint) as session_count,
        cast(sum(converted_sessions) as bigint) as converted_sessions,
        cast(sum(engaged_sessions) as bigint) as engaged_sessions,
        session_date
    from {{ ref('mart_funnel_daily') }}
    group by session_date

)

select
    -- ids
    definition_id,

    -- numbers
    inactivity_minutes,
    session_count,
    converted_sessions,
    engaged_sessions,
    {{ ratio('converted_sessions', 'session_count') }} as conversion_rate,
    {{ ratio('session_count - engaged_sessions', 'session_count') }} as bounce_rate,

    -- booleans
    is_cut_at_midnight,
    is_in_force,

    -- dates
    session_date,
    {{ as_of_date() }} as as_of_date
from by_day
where session_date >= {{ days_before(as_of_end_date(), 28) }}
