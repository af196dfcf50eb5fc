{{ config(materialized='table') }}

{# How long a feed may bring nothing new, in hours, by what its contract says of its delivery: a day
   and a half, eight days, five weeks. An occasional feed is never late. #}
{%- set allowed_hours = {'daily': 36, 'weekly': 192, 'monthly': 840} %}
{# A feed with its own, slower rhythm is late after so many of its usual intervals: requests to sell
   come when they come (3), a monthly statement does not (1.5). A house rule of data quality. #}
{%- set intervals_tolerated = 3 %}
{%- set regular_intervals_tolerated = 1.5 %}

with feeds as (

    select
        *,
        case delivery
            {%- for delivery, hours in allowed_hours.items() %}
                when '{{ delivery }}' then {{ hours }}
            {%- endfor %}
        end as allowed_hours
    from {{ ref('stg_kontor__feeds') }}

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
        count(distinct recorded_at) filter (where status = 'loaded') as delivery_count,
        min(recorded_at) filter (where status = 'loaded') as first_good_load_at,
        max(recorded_at) filter (where status = 'loaded') as last_good_load_at,
        max(recorded_at) as last_recorded_at
    from {{ ref('int_loads_balanced') }}
    group by feed

),

{# Lag is measured against the later of the end of the last day that counts and the newest load of
   any feed that is delivered, never against the clock: data that ends on a fixed day does not grow
   older by itself, nor by what is decided here. #}
reference_moments as (

    select
        greatest(
            coalesce(max(loads.recorded_at), {{ utc_start_of(as_of_end_date()) }}),
            {{ utc_start_of(as_of_end_date()) }}
        ) as reference_at
    from {{ ref('int_loads_balanced') }} as loads
    left join feeds
        on loads.feed = feeds.feed
    where not coalesce(feeds.is_own, false)

),

quarantined as (

    select
        feed,
        sum(row_count) as quarantined_count
    from {{ ref('int_quarantine_rows_grouped') }}
    group by feed

),

failing as (

    select
        *,
        state = 'failed' as is_error
    from {{ ref('int_checks_judged') }}
    where state <> 'ok'

),

failing_counts as (

    select
        feed,
        count_if(is_error) as failed_check_count,
        count(*) as failing_check_count
    from failing
    group by feed

),

worst_checks as (

    select
        feed,
        finding,
        held_back
    from failing
    qualify
        row_number() over (
            partition by feed order by is_error desc, check_name asc nulls last
        ) = 1

),

joined as (

    select
        feeds.feed,
        feeds.title,
        feeds.system,
        feeds.delivery,
        feeds.is_configured,
        feeds.is_required,
        coalesce(feeds.is_own, false) as is_own,
        feeds.event_time_column is not null as is_dated,
        coalesce(counted.row_count, 0) as row_count,
        coalesce(orphans.orphan_count, 0) as orphan_count,
        coalesce(orphans.missing_count, 0) as missing_count,
        case when feeds.delivery = 'daily' then counted.missing_day_count end as missing_day_count,
        coalesce(loads.load_count, 0) as load_count,
        coalesce(loads.rejected_count, 0) as rejected_count,
        coalesce(loads.unbalanced_count, 0) as unbalanced_count,
        coalesce(loads.delivery_count, 0) as delivery_count,
        coalesce(quarantined.quarantined_count, 0) as quarantined_count,
        coalesce(failing_counts.failed_check_count, 0) as failed_check_count,
        coalesce(failing_counts.failing_check_count, 0) as failing_check_count,
        worst_checks.finding as check_finding,
        worst_checks.held_back as check_held_back,
        feeds.what_depends,
        {{ days_between('counted.last_event_date', as_of_date()) }} as lag_days,
        -- nobody delivers Kontor's own feeds, so none of them lags behind the others
        case
            when not coalesce(feeds.is_own, false) then
                {{ hours_between('loads.last_good_load_at', 'reference_moments.reference_at') }}
        end as load_lag_hours,
        -- rows on nearly every day: no rhythm of its own
        case
            when coalesce(counted.days_per_day_with_rows, 1) <= 1.05 then feeds.allowed_hours
            when feeds.delivery = 'daily'
                then
                    greatest(
                        feeds.allowed_hours,
                        {{ intervals_tolerated }} * 24 * counted.days_per_day_with_rows
                    )
            else greatest(
                feeds.allowed_hours,
                {{ regular_intervals_tolerated }} * 24 * counted.days_per_day_with_rows
            )
        end as event_hours_tolerated,
        case
            when loads.delivery_count >= 3 then greatest(
                feeds.allowed_hours,
                {{ intervals_tolerated }}
                * {{ hours_between('loads.first_good_load_at', 'loads.last_good_load_at') }}
                / nullif(loads.delivery_count - 1, 0)
            )
        end as load_hours_tolerated,
        counted.first_event_date,
        counted.last_event_date,
        loads.last_good_load_at,
        loads.last_recorded_at
    from feeds
    cross join reference_moments
    left join counted
        on feeds.feed = counted.feed
    left join orphans
        on feeds.feed = orphans.feed
    left join loads
        on feeds.feed = loads.feed
    left join quarantined
        on feeds.feed = quarantined.feed
    left join failing_counts
        on feeds.feed = failing_counts.feed
    left join worst_checks
        on feeds.feed = worst_checks.feed

),

{# A feed of things may bring nothing new because nothing changed, and the same bytes again leave no
   load. Three deliveries tell its rhythm; before that nobody can say. #}
dated as (

    select
        *,
        case
            when row_count = 0 then 'none'
            when delivery = 'occasional' then 'current'
            when lag_days is not null and lag_days * 24 > event_hours_tolerated then 'late'
            when lag_days is not null then 'current'
            when is_dated or load_hours_tolerated is null then 'unknown'
            when load_lag_hours > load_hours_tolerated then 'late'
            else 'current'
        end as freshness
    from joined

),

{# The first finding that applies, worst first. #}
judged as (

    select
        *,
        case
            when is_required and row_count = 0 then 'no_rows_of_a_required_feed'
            when unbalanced_count > 0 then 'unbalanced'
            when failed_check_count > 0 then 'failed_check'
            when not is_configured and row_count = 0 then 'absent'
            when is_own and row_count = 0 and load_count = 0 then 'undecided'
            when row_count = 0 and load_count = 0 then 'never_arrived'
            when rejected_count > 0 then 'rejected'
            when quarantined_count > 0 then 'quarantined'
            when orphan_count > 0 then 'orphans'
            when missing_count > 0 then 'missing'
            when freshness = 'late' and lag_days is not null then 'late'
            when freshness = 'late' then 'silent'
            when failing_check_count > 0 then 'warning_check'
            when row_count = 0 then 'empty'
            when missing_day_count > 0 then 'gaps'
            else 'complete'
        end as finding
    from dated

),

stated as (

    select
        *,
        finding in ('failed_check', 'warning_check') and check_held_back <> '' as is_told_by_check,
        case
            when finding in ('no_rows_of_a_required_feed', 'unbalanced', 'failed_check')
                then 'failed'
            when finding = 'absent' then 'absent'
            when finding in ('empty', 'gaps', 'complete', 'undecided') then 'ok'
            else 'warning'
        end as state,
        -- the number that the finding is of
        cast(case finding
            when 'rejected' then rejected_count
            when 'quarantined' then quarantined_count
            when 'orphans' then orphan_count
            when 'missing' then missing_count
            when 'late' then lag_days
            when 'silent' then floor(load_lag_hours / 24)
            when 'gaps' then missing_day_count
        end as bigint) as finding_count,
        -- a check says itself what it found
        case when finding in ('failed_check', 'warning_check') then check_finding else '' end
            as finding_what
    from judged

)

select
    -- ids
    feed,

    -- text
    title,
    system,
    delivery,
    state,
    finding,
    finding_what,
    freshness,
    case
        when state = 'ok' then 'nothing'
        when is_told_by_check then 'check'
        when what_depends is null then 'nothing_depends'
        when state = 'absent' then 'empty'
        when state = 'failed' then 'held_back'
        else 'may_be_incomplete'
    end as held_back_code,
    case
        when state = 'ok' then ''
        when is_told_by_check then check_held_back
        else coalesce(what_depends, '')
    end as held_back_what,

    -- numbers
    row_count,
    orphan_count,
    missing_count,
    missing_day_count,
    load_count,
    rejected_count,
    quarantined_count,
    failing_check_count,
    lag_days,
    load_lag_hours,
    finding_count,

    -- booleans
    is_configured,
    is_required,

    -- dates
    first_event_date,
    last_event_date,

    -- timestamps
    last_good_load_at,
    last_recorded_at
from stated
