{# What an action does to a measure tomorrow: the figure if nobody does anything, and the same with
   the units of the action as the action leaves them. All else is equal, so only those differ. #}
with registry as (

    select * from {{ ref('vendor_action_registry') }}

),

offered as (

    select
        vendor_id,
        action_id,
        count(*) as unit_count,
        {{ money('sum(gmv)') }} as gmv,
        min(due_at) as due_at
    from {{ ref('int_vendor_actions_offered') }}
    group by vendor_id, action_id

),

-- each metric's own window, a day later
windows as (

    select
        metric_id,
        window_kind,
        metric_name,
        unit,
        is_higher_better,
        {{ days_after('window_start', 1) }} as window_start,
        {{ days_after('window_end', 1) }} as window_end
    from {{ ref('int_metric_windows_spined') }}
    where is_judged and window_end = {{ as_of_end_date() }}

),

limited as (

    select * from {{ ref('int_vendor_metrics_limited') }}
    where is_judged and window_end = {{ as_of_end_date() }}

),

foreseen as (

    select * from {{ ref('int_vendor_units_foreseen') }}
    where metric_id in (select registry.metric_id from registry)

),

left_alone as (

    select * from foreseen
    where action_id is null

),

changed as (

    select * from foreseen
    where action_id is not null

),

units as (

    select
        counted.vendor_id,
        counted.metric_id,
        counted.numerator_value,
        counted.denominator_value,
        counted.membership_date,
        counted.counts_from,
        counted.counts_until,
        counted.numerator_from
    from {{ ref('int_vendor_units_counted') }} as counted
    left join left_alone
        on
            counted.vendor_id = left_alone.vendor_id
            and counted.metric_id = left_alone.metric_id
            and counted.unit_id = left_alone.unit_id
    where
        left_alone.unit_id is null
        -- days of offers are cut by tomorrow's windows, all of them anew
        and counted.metric_id <> 'stock_out_rate'
        and counted.metric_id in (select registry.metric_id from registry)
        and counted.vendor_id in (select offered.vendor_id from offered)
    union all
    select
        vendor_id,
        metric_id,
        numerator_value,
        denominator_value,
        membership_date,
        counts_from,
        counts_until,
        numerator_from
    from left_alone

),

without_action as (

    {{ vendor_units_summed('units', 'windows') }}

),

-- the same units by action, as they are without it
replaced as (

    select
        left_alone.*,
        changed.action_id as changed_by
    from left_alone
    inner join changed
        on
            left_alone.vendor_id = changed.vendor_id
            and left_alone.metric_id = changed.metric_id
            and left_alone.unit_id = changed.unit_id

),

replaced_sums as (

    {{ vendor_units_summed('replaced', 'windows', by=['changed_by']) }}

),

changed_sums as (

    {{ vendor_units_summed('changed', 'windows', by=['action_id']) }}

)

select
    -- ids
    offered.vendor_id,
    offered.action_id,
    registry.metric_id,

    -- text
    registry.unit_kind,
    windows.metric_name,
    windows.unit,

    -- numbers
    offered.unit_count,
    offered.gmv,
    limited.threshold,
    offered.unit_count * registry.minutes_per_unit as effort_minutes,
    {{ units('coalesce(without_action.numerator, 0)') }} as numerator_without,
    {{ units('coalesce(without_action.denominator, 0)') }} as denominator_without,
    {{ units(
        'coalesce(without_action.numerator, 0) - coalesce(replaced_sums.numerator, 0)'
        ~ ' + coalesce(changed_sums.numerator, 0)'
    ) }} as numerator_with,
    {{ units(
        'coalesce(without_action.denominator, 0) - coalesce(replaced_sums.denominator, 0)'
        ~ ' + coalesce(changed_sums.denominator, 0)'
    ) }} as denominator_with,

    -- booleans
    windows.is_higher_better,

    -- dates
    windows.window_start,
    windows.window_end,

    -- timestamps
    offered.due_at
from offered
inner join registry
    on offered.action_id = registry.action_id
inner join windows
    on registry.metric_id = windows.metric_id
-- the limit that counts for this vendor
left join limited
    on offered.vendor_id = limited.vendor_id and registry.metric_id = limited.metric_id
left join without_action
    on
        offered.vendor_id = without_action.vendor_id
        and registry.metric_id = without_action.metric_id
left join replaced_sums
    on
        offered.vendor_id = replaced_sums.vendor_id
        and offered.action_id = replaced_sums.changed_by
        and registry.metric_id = replaced_sums.metric_id
left join changed_sums
    on
        offered.vendor_id = changed_sums.vendor_id
        and offered.action_id = changed_sums.action_id
        and registry.metric_id = changed_sums.metric_id
