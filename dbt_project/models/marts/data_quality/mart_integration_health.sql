{# A system's light is the worst state of the feeds it delivers; a feed that it was never meant to
   deliver does not darken it. #}
with feeds as (

    select
        *,
        case state when 'failed' then 4 when 'warning' then 3 when 'ok' then 2 else 1 end
            as state_rank
    from {{ ref('int_feeds_assessed') }}

),

worst as (

    select
        system,
        title,
        state,
        state_rank,
        explanation,
        held_back_code,
        held_back_what
    from feeds
    qualify
        row_number() over (
            partition by system
            order by state_rank desc, is_required desc, row_count desc, feed asc nulls last
        ) = 1

),

by_system as (

    select
        system,
        count(*) as feed_count,
        count_if(is_configured or row_count > 0) as expected_count,
        count_if(row_count > 0) as delivered_count,
        count_if(freshness = 'late') as late_count,
        count_if(state in ('warning', 'failed')) as troubled_count,
        min(load_lag_hours) as lag_hours,
        max(case when row_count > 0 and delivery <> 'occasional' then lag_days end)
            as event_lag_days,
        sum(quarantined_count) as open_quarantine_count,
        sum(failing_check_count) as failing_check_count,
        max(last_good_load_at) as last_good_load_at
    from feeds
    group by system

)

select
    -- ids
    by_system.system,

    -- text
    worst.state,
    case
        when worst.state = 'absent' then 'No feed of this system is delivered.'
        when worst.state = 'ok' then 'Everything that is delivered is complete.'
        when by_system.troubled_count = 1 then worst.title || ': ' || worst.explanation
        else
            worst.title || ': ' || worst.explanation || ' Feeds with findings: '
            || cast(by_system.troubled_count as string) || '.'
    end as sentence,
    worst.held_back_code,
    worst.held_back_what,

    -- numbers
    by_system.feed_count,
    cast(by_system.expected_count as bigint) as expected_count,
    cast(by_system.delivered_count as bigint) as delivered_count,
    cast(by_system.late_count as bigint) as late_count,
    cast(by_system.open_quarantine_count as bigint) as open_quarantine_count,
    cast(by_system.failing_check_count as bigint) as failing_check_count,
    cast(by_system.lag_hours as double) as lag_hours,
    by_system.event_lag_days,

    -- dates
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    by_system.last_good_load_at
from by_system
inner join worst
    on by_system.system = worst.system
