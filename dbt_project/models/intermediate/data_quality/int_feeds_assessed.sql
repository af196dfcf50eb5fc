{# A newest row older than this many days is worth a word, and than as many of the feed's own usual
   intervals: a house rule of data quality. #}
{%- set intervals_tolerated = 3 %}

with feeds as (

    select * from {{ ref('stg_marketplace__feeds') }}

),

counted as (

    select * from {{ ref('int_feeds_counted') }}

),

orphans as (

    select * from {{ ref('int_orphans_counted') }}

),

loads as (

    select
        feed,
        count(*) as load_count,
        count_if(status = 'rejected' and is_present) as rejected_count,
        count_if(not is_balanced) as unbalanced_count,
        max(recorded_at) as last_recorded_at
    from {{ ref('int_loads_balanced') }}
    group by feed

),

quarantined as (

    select
        feed,
        sum(row_count) as quarantined_count
    from {{ ref('int_quarantine_rows_grouped') }}
    group by feed

),

joined as (

    select
        feeds.feed,
        feeds.title,
        feeds.is_configured,
        feeds.is_required,
        coalesce(counted.row_count, 0) as row_count,
        coalesce(orphans.orphan_count, 0) as orphan_count,
        coalesce(orphans.missing_count, 0) as missing_count,
        counted.missing_day_count,
        coalesce(loads.load_count, 0) as load_count,
        coalesce(loads.rejected_count, 0) as rejected_count,
        coalesce(loads.unbalanced_count, 0) as unbalanced_count,
        coalesce(quarantined.quarantined_count, 0) as quarantined_count,
        {{ days_between('counted.last_event_date', as_of_date()) }} as lag_days,
        {{ intervals_tolerated }} * coalesce(counted.days_per_day_with_rows, 1)
            as lag_days_tolerated,
        counted.first_event_date,
        counted.last_event_date,
        loads.last_recorded_at
    from feeds
    left join counted
        on feeds.feed = counted.feed
    left join orphans
        on feeds.feed = orphans.feed
    left join loads
        on feeds.feed = loads.feed
    left join quarantined
        on feeds.feed = quarantined.feed

)

select
    -- ids
    feed,

    -- text: the first that applies, worst first
    title,
    case
        when is_required and row_count = 0 then 'failed'
        when unbalanced_count > 0 then 'failed'
        when not is_configured and row_count = 0 then 'absent'
        when rejected_count > 0 then 'warning'
        when quarantined_count > 0 then 'warning'
        when orphan_count > 0 then 'warning'
        when missing_count > 0 then 'warning'
        when lag_days > lag_days_tolerated then 'warning'
        else 'ok'
    end as state,
    case
        when is_required and row_count = 0
            then 'Nothing can be shown without this feed, and it has no rows.'
        when unbalanced_count > 0
            then 'Received rows are not all applied, unchanged, duplicate or quarantined.'
        when not is_configured and row_count = 0
            then 'The marketplace does not supply this feed; what depends on it is empty.'
        when rejected_count > 0
            then 'Files rejected as a whole: ' || cast(rejected_count as string) || '.'
        when quarantined_count > 0
            then 'Rows in quarantine: ' || cast(quarantined_count as string) || '.'
        when orphan_count > 0
            then 'Rows of orders that never came: ' || cast(orphan_count as string) || '.'
        when missing_count > 0
            then 'Sold but missing in this feed: ' || cast(missing_count as string) || '.'
        when lag_days > lag_days_tolerated
            then 'The newest row is ' || cast(lag_days as string) || ' days old.'
        when missing_day_count > 0
            then 'All loaded; days without a row: ' || cast(missing_day_count as string) || '.'
        else 'Complete.'
    end as explanation,

    -- numbers
    row_count,
    orphan_count,
    missing_count,
    missing_day_count,
    load_count,
    rejected_count,
    quarantined_count,
    lag_days,

    -- booleans
    is_configured,
    is_required,

    -- dates
    first_event_date,
    last_event_date,

    -- timestamps
    last_recorded_at
from joined
