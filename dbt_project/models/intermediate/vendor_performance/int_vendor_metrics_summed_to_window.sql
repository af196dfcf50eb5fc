{{ config(materialized='table') }}

with windows as (

    select * from {{ ref('int_metric_windows_spined') }}

),

units as (

    select * from {{ ref('int_vendor_units_counted') }}

),

vendors as (

    select * from {{ ref('int_order_lines_summed_to_vendor') }}

),

<<<<<<< HEAD
{# A window is judged with what was known at its end. #}
counted as (

    select
        units.vendor_id,
        units.metric_id,
        units.denominator_value,
        windows.window_kind,
        windows.window_end,
        units.membership_date < windows.mature_before as is_mature,
        units.is_accountable
        or coalesce(units.numerator_from >= windows.window_end, false) as is_accountable,
        case
            when coalesce(units.numerator_from < windows.window_end, true)
                then units.numerator_value
            else 0
        end as numerator_value
    from units
    inner join windows
        on
            units.metric_id = windows.metric_id
            and units.membership_date >= windows.window_start
            and units.membership_date < windows.window_end
    where
        coalesce(units.counts_from < windows.window_end, true)
        and coalesce(units.counts_until >= windows.window_end, true)

),

summed as (

    select
        vendor_id,
        metric_id,
        window_kind,
        window_end,
        sum(numerator_value) as numerator,
        sum(denominator_value) as denominator,
        sum(case when is_accountable then numerator_value else 0 end) as accountable_numerator,
        sum(case when is_accountable then denominator_value else 0 end)
            as accountable_denominator,
        sum(case when is_mature then numerator_value else 0 end) as mature_numerator,
        sum(case when is_mature then denominator_value else 0 end) as mature_denominator
    from counted
    group by vendor_id, metric_id, window_kind, window_end

),

{# Where the marketplace has nothing that a metric counts, it says nothing of anybody. #}
known_metrics as (

    select distinct metric_id
    from units

),

durations as (

    select * from {{ ref('int_vendor_durations_ranked_to_window') }}
=======
units as (

    select * from {{ ref('int_vendor_units_counted') }}

),

summed as (

    {{ vendor_units_summed('units', 'windows') }}
>>>>>>> next

)

select
    -- ids
    vendors.vendor_id,
    windows.metric_id,
    vendors.category_id,

    -- text
    windows.window_kind,
    windows.metric_name,
    windows.unit,

    -- numbers
    windows.metric_version,
    windows.window_days,
    windows.maturity_days,
    windows.threshold,
    {{ units('coalesce(summed.numerator, 0)') }} as numerator,
    {{ units('coalesce(summed.denominator, 0)') }} as denominator,
    {{ units('coalesce(summed.accountable_numerator, 0)') }} as accountable_numerator,
    {{ units('coalesce(summed.accountable_denominator, 0)') }} as accountable_denominator,
    {{ units('coalesce(summed.mature_numerator, 0)') }} as mature_numerator,
    {{ units('coalesce(summed.mature_denominator, 0)') }} as mature_denominator,
    -- of durations: half are shorter, and nine in ten; how sure that is; how many take too long
    durations.median_hours,
    durations.median_hours_lower,
    durations.median_hours_upper,
    durations.p90_hours,
    durations.over_threshold_count,

    -- booleans
    windows.is_judged,
    windows.is_higher_better,

    -- dates
    windows.window_start,
    windows.window_end
from vendors
-- every vendor that sold before the window's end has a row: no data is said, not left out
inner join windows
    on vendors.first_order_date < windows.window_end
inner join known_metrics
    on windows.metric_id = known_metrics.metric_id
left join summed
    on
        vendors.vendor_id = summed.vendor_id
        and windows.metric_id = summed.metric_id
        and windows.window_kind = summed.window_kind
        and windows.window_end = summed.window_end
left join durations
    on
        vendors.vendor_id = durations.vendor_id
        and windows.metric_id = durations.metric_id
        and windows.window_kind = durations.window_kind
        and windows.window_end = durations.window_end
