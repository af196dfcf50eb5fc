{{ config(
    materialized='incremental',
    partition_by=['entry_date'],
    incremental_predicates=[
        "entry_date >= (select cast(min(stale_date) - 7 * interval '1' day as date)"
        ~ " from raw.stale_session_days)"
    ]
) }}

{# A visitor's look at a product enters the funnel if it is the first of the calendar week; what
   follows counts for seven days from that moment, in whatever session. A session's change concerns
   entries of the seven days before it on, whose weeks begin up to six days earlier. #}
with sessions as (

    select
        session_id,
        visitor_id,
        device,
        channel
    from {{ ref('fct_sessions') }}
    where session_kind = 'human' and {{ is_built_from('session_date', 14) }}

),

steps as (

    select
        sessions.visitor_id,
        sessions.device,
        sessions.channel,
        steps.session_id,
        steps.event_type,
        steps.occurred_at,
        {{ business_date('steps.occurred_at') }} as step_date
    from {{ ref('int_session_steps') }} as steps
    inner join sessions
        on steps.session_id = sessions.session_id
    where
        steps.event_type in (
            'product_viewed', 'product_added', 'checkout_started', 'order_completed'
        )
        and {{ is_built_from('steps.session_date', 14) }}

),

entries as (

    select
        visitor_id,
        step_date as entry_date,
        device,
        channel,
        occurred_at as viewed_at,
        occurred_at + 7 * interval '1' day as window_end
    from steps
    where event_type = 'product_viewed'
    -- of two sessions in one moment, whichever
    qualify row_number() over (
        partition by visitor_id, date_trunc('week', step_date)
        order by occurred_at asc nulls last, session_id asc nulls last
    ) = 1

),

added as (

    select
        entries.visitor_id,
        entries.viewed_at,
        min(entries.window_end) as window_end,
        min(steps.occurred_at) as added_at
    from entries
    inner join steps
        on
            entries.visitor_id = steps.visitor_id
            and steps.event_type = 'product_added'
            and entries.viewed_at <= steps.occurred_at
            and entries.window_end > steps.occurred_at
    group by entries.visitor_id, entries.viewed_at

),

checked_out as (

    select
        added.visitor_id,
        added.viewed_at,
        min(added.window_end) as window_end,
        min(steps.occurred_at) as checkout_at
    from added
    inner join steps
        on
            added.visitor_id = steps.visitor_id
            and steps.event_type = 'checkout_started'
            and added.added_at <= steps.occurred_at
            and added.window_end > steps.occurred_at
    group by added.visitor_id, added.viewed_at

),

bought as (

    select
        checked_out.visitor_id,
        checked_out.viewed_at
    from checked_out
    inner join steps
        on
            checked_out.visitor_id = steps.visitor_id
            and steps.event_type = 'order_completed'
            and checked_out.checkout_at <= steps.occurred_at
            and checked_out.window_end > steps.occurred_at
    group by checked_out.visitor_id, checked_out.viewed_at

),

joined as (

    select
        entries.entry_date,
        entries.device,
        entries.channel,
        -- the window of whoever came at the day's last moment ends seven days later
        {{ days_after('entries.entry_date', 8) }} <= {{ as_of_end_date() }} as is_over,
        added.visitor_id is not null as has_added,
        checked_out.visitor_id is not null as has_checked_out,
        bought.visitor_id is not null as has_bought
    from entries
    left join added
        on entries.visitor_id = added.visitor_id and entries.viewed_at = added.viewed_at
    left join checked_out
        on
            entries.visitor_id = checked_out.visitor_id
            and entries.viewed_at = checked_out.viewed_at
    left join bought
        on entries.visitor_id = bought.visitor_id and entries.viewed_at = bought.viewed_at

)

select
    -- text
    device,
    channel,

    -- numbers
    count(*) as visitors,
    case when is_over then count(case when has_added then 1 end) end as added_to_cart,
    case when is_over then count(case when has_checked_out then 1 end) end as began_checkout,
    case when is_over then count(case when has_bought then 1 end) end as purchased,

    -- dates
    entry_date,
    {{ as_of_date() }} as as_of_date
from joined
where {{ is_built_from('entry_date', 7) }}
group by device, channel, entry_date, is_over
