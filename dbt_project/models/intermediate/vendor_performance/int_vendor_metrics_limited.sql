{{ config(materialized='table') }}

with metrics as (

    select * from {{ ref('int_vendor_metrics_summed_to_window') }}

),

vendors as (

    select
        vendor_id,
        country_code,
        category_id
    from {{ ref('int_vendors_merged') }}

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
    inner join vendors
        on metrics.vendor_id = vendors.vendor_id
    inner join {{ ref('int_metric_limits_dated') }} as limits
        on
            metrics.metric_id = limits.metric_id
            and metrics.window_end > limits.valid_from
            and coalesce(metrics.window_end <= limits.valid_until, true)
            and coalesce(vendors.country_code = limits.country_code, limits.country_code is null)
            and coalesce(vendors.category_id = limits.category_id, limits.category_id is null)
    where limits.threshold is not null

),

closest as (

    select * from fitting
    where place = 1

)

select
    -- ids
    metrics.vendor_id,
    metrics.metric_id,
    metrics.category_id,

    -- text
    metrics.window_kind,
    metrics.metric_name,
    metrics.unit,

    -- numbers
    metrics.metric_version,
    metrics.window_days,
    metrics.maturity_days,
    coalesce(closest.threshold, metrics.threshold) as threshold,
    metrics.numerator,
    metrics.numerator_squares,
    metrics.denominator,
    metrics.accountable_numerator,
    metrics.accountable_denominator,
    metrics.mature_numerator,
    metrics.mature_denominator,
    metrics.median_hours,
    metrics.median_hours_lower,
    metrics.median_hours_upper,
    metrics.p90_hours,
    -- counted against the registry's limit where no other is set
    metrics.over_threshold_count,
    weights.weight as score_weight,

    -- booleans
    metrics.is_judged,
    metrics.is_higher_better,

    -- dates
    metrics.window_start,
    metrics.window_end
from metrics
left join closest
    on
        metrics.vendor_id = closest.vendor_id
        and metrics.metric_id = closest.metric_id
        and metrics.window_kind = closest.window_kind
        and metrics.window_end = closest.window_end
-- the weight that was valid on the window's last day
left join {{ ref('vendor_score_weights') }} as weights
    on
        metrics.metric_id = weights.metric_id
        and metrics.window_end > weights.valid_from
        and coalesce(weights.valid_to >= {{ days_before('metrics.window_end', 1) }}, true)
