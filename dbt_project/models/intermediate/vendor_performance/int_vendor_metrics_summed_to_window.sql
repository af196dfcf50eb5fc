{{ config(materialized='table') }}

{# Beside all units stand those that the vendor answers for, those that failed and nobody knows why,
   and those old enough that what can happen to them has happened. What was not known at a window's
   end excuses nobody in it. #}
{%- set parts = {
    'accountable': is_accountable_in_window(),
    'unknown': is_of_unknown_cause_in_window(),
    'mature': 'units.membership_date < windows.mature_before'
} %}
with windows as (

    select * from {{ ref('int_metric_windows_spined') }}

),

units as (

    select * from {{ ref('int_vendor_units_counted') }}

),

vendors as (

    select * from {{ ref('int_order_lines_summed_to_vendor') }}

),

summed as (

    {{ vendor_units_summed('units', 'windows', parts=parts) }}

),

{# Where the marketplace has nothing that a metric counts, it says nothing of anybody. #}
known_metrics as (

    select distinct metric_id
    from units
    union
    select 'vendor_score' as metric_id

),

durations as (

    select * from {{ ref('int_vendor_durations_ranked_to_window') }}

)

select
    -- ids
    vendors.vendor_id,
    windows.metric_id,

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
    cast(coalesce(summed.numerator_squares, 0) as double) as numerator_squares,
    {{ units('coalesce(summed.denominator, 0)') }} as denominator,
    {{ units('coalesce(summed.accountable_numerator, 0)') }} as accountable_numerator,
    {{ units('coalesce(summed.accountable_denominator, 0)') }} as accountable_denominator,
    {{ units('coalesce(summed.unknown_denominator, 0)') }} as unknown_cause_count,
    {{ units('coalesce(summed.mature_numerator, 0)') }} as mature_numerator,
    {{ units('coalesce(summed.mature_denominator, 0)') }} as mature_denominator,
    -- of durations: half are shorter, and nine in ten; how sure that is
    durations.median_hours,
    durations.median_hours_lower,
    durations.median_hours_upper,
    durations.p90_hours,

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
