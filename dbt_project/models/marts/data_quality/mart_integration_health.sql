{# A system's light is the worst state of the feeds it delivers, their checks and its books; a feed
   that it was never meant to deliver does not darken it. #}
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
        finding,
        finding_count,
        finding_what,
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

),

{# Comparisons of the shop with documents of a system that leave something unexplained. #}
books as (

    select
        feeds.system,
        count(*) as differing_comparison_count
    from {{ ref('mart_reconciliation_summary') }} as comparisons
    inner join {{ ref('int_sources_compared') }} as sources
        on comparisons.source = sources.source and comparisons.measure = sources.measure
    inner join feeds
        on sources.feed = feeds.feed
    where comparisons.state in ('watch', 'act')
    group by feeds.system

),

judged as (

    select
        by_system.*,
        worst.title,
        worst.state,
        worst.finding,
        worst.finding_count,
        worst.finding_what,
        worst.held_back_code,
        worst.held_back_what,
        coalesce(books.differing_comparison_count, 0) as differing_comparison_count,
        worst.state = 'ok' and coalesce(books.differing_comparison_count, 0) > 0
            as is_told_by_books
    from by_system
    inner join worst
        on by_system.system = worst.system
    left join books
        on by_system.system = books.system

)

select
    -- ids
    system,

    -- text
    case when is_told_by_books then 'warning' else state end as state,
    case
        when is_told_by_books then 'books_differ'
        when state = 'ok' then 'all_complete'
        when state = 'absent' then 'nothing_delivered'
        else finding
    end as finding,
    case when state in ('ok', 'absent') then '' else finding_what end as finding_what,
    -- the feed that the finding is of
    case when state in ('ok', 'absent') then '' else title end as finding_title,
    held_back_code,
    held_back_what,

    -- numbers
    case
        when is_told_by_books then differing_comparison_count
        when state not in ('ok', 'absent') then finding_count
    end as finding_count,
    feed_count,
    cast(troubled_count as bigint) as troubled_count,
    cast(differing_comparison_count as bigint) as differing_comparison_count,
    cast(expected_count as bigint) as expected_count,
    cast(delivered_count as bigint) as delivered_count,
    cast(late_count as bigint) as late_count,
    cast(open_quarantine_count as bigint) as open_quarantine_count,
    cast(failing_check_count as bigint) as failing_check_count,
    cast(lag_hours as double) as lag_hours,
    event_lag_days,

    -- dates
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    last_good_load_at
from judged
