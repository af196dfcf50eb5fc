{{ config(materialized='table') }}

with scopes as (

    select * from {{ ref('int_vendors_scoped_to_window') }}

),

metrics as (

    select
        sums.*,
        scopes.country_code,
        scopes.category_id
    from {{ ref('int_vendor_metrics_summed_to_window') }} as sums
    left join scopes
        on sums.vendor_id = scopes.vendor_id and sums.window_end = scopes.window_end

),

{# Which of the limits that were set counted for a vendor on a window's last day. #}
fitting as (

    select
        metrics.vendor_id,
        metrics.metric_id,
        metrics.window_kind,
        metrics.window_end,
        limits.threshold,
        row_number() over (
            partition by
                metrics.vendor_id, metrics.metric_id, metrics.window_kind, metrics.window_end
            order by limits.scope_rank desc nulls last
        ) as place
    from metrics
    inner join {{ ref('int_metric_limits_dated') }} as limits
        on
            metrics.metric_id = limits.metric_id
            and metrics.window_end > limits.valid_from
            and coalesce(metrics.window_end <= limits.valid_until, true)
            and coalesce(metrics.country_code = limits.country_code, limits.country_code is null)
            and coalesce(metrics.category_id = limits.category_id, limits.category_id is null)
    where limits.threshold is not null

),

closest as (

    select * from fitting
    where place = 1

),

limited as (

    select
        metrics.*,
        coalesce(closest.threshold, metrics.threshold) as limit_in_effect
    from metrics
    left join closest
        on
            metrics.vendor_id = closest.vendor_id
            and metrics.metric_id = closest.metric_id
            and metrics.window_kind = closest.window_kind
            and metrics.window_end = closest.window_end

),

too_long as (

    select
        limited.vendor_id,
        limited.metric_id,
        limited.window_kind,
        limited.window_end,
        count_if(cast(units.numerator_value as double) > limited.limit_in_effect)
            as over_threshold_count
    from {{ ref('int_vendor_units_counted') }} as units
    inner join limited
        on
            units.vendor_id = limited.vendor_id
            and units.metric_id = limited.metric_id
            and units.membership_date >= limited.window_start
            and units.membership_date < limited.window_end
    where
        limited.unit = 'hours'
        and {{ counts_at_end_of('limited') }}
    group by
        limited.vendor_id,
        limited.metric_id,
        limited.window_kind,
        limited.window_end

)

select
    -- ids
    limited.vendor_id,
    limited.metric_id,
    limited.category_id,

    -- text
    limited.window_kind,
    limited.metric_name,
    limited.unit,

    -- numbers
    limited.metric_version,
    limited.window_days,
    limited.maturity_days,
    limited.limit_in_effect as threshold,
    limited.numerator,
    limited.numerator_squares,
    limited.denominator,
    limited.accountable_numerator,
    limited.accountable_denominator,
    limited.unknown_cause_count,
    limited.mature_numerator,
    limited.mature_denominator,
    limited.median_hours,
    limited.median_hours_lower,
    limited.median_hours_upper,
    limited.p90_hours,
    -- of durations: how many took longer than the limit
    too_long.over_threshold_count,
    weights.weight as score_weight,

    -- booleans
    limited.is_judged,
    limited.is_higher_better,

    -- dates
    limited.window_start,
    limited.window_end
from limited
left join too_long
    on
        limited.vendor_id = too_long.vendor_id
        and limited.metric_id = too_long.metric_id
        and limited.window_kind = too_long.window_kind
        and limited.window_end = too_long.window_end
-- the weight that was valid on the window's last day
left join {{ ref('vendor_score_weights') }} as weights
    on
        limited.metric_id = weights.metric_id
        and limited.window_end > weights.valid_from
        and coalesce(weights.valid_to >= {{ days_before('limited.window_end', 1) }}, true)
