with metrics as (

    select * from {{ ref('int_vendor_metrics_limited') }}

),

unattributed as (

    select * from {{ ref('int_unattributed_orders_summed_to_window') }}

),

posteriors as (

    select * from {{ source('predictions', 'vendor_rate_posteriors') }}

),

{# Joined on the counts too: stale posteriors leave the state empty, and its test fails. The score
   has none of its own: it is made of the posteriors. #}
counted as (

    select
        metrics.vendor_id,
        metrics.metric_id,
        metrics.window_kind,
        metrics.metric_name,
        metrics.unit,
        metrics.metric_version,
        metrics.window_days,
        metrics.maturity_days,
        metrics.accountable_numerator,
        metrics.accountable_denominator,
        metrics.unknown_cause_count,
        metrics.mature_numerator,
        metrics.mature_denominator,
        metrics.median_hours,
        metrics.p90_hours,
        metrics.threshold,
        metrics.is_judged,
        metrics.is_higher_better,
        metrics.window_start,
        metrics.window_end,
        posteriors.state,
        posteriors.state_by_fixed_prior,
        posteriors.prior_fit,
        posteriors.prior_group,
        posteriors.worst_metric_id,
        posteriors.score_weight_share,
        posteriors.rate_estimate,
        posteriors.rate_lower,
        posteriors.rate_upper,
        posteriors.probability_over_threshold,
        posteriors.probability_by_fixed_prior,
        posteriors.prior_mean,
        posteriors.prior_weight,
        posteriors.prior_vendors,
        {{ units('coalesce(posteriors.score_numerator, metrics.numerator)') }} as numerator,
        {{ units('coalesce(posteriors.score_denominator, metrics.denominator)') }} as denominator
    from metrics
    left join posteriors
        on
            metrics.vendor_id = posteriors.vendor_id
            and metrics.metric_id = posteriors.metric_id
            and metrics.window_kind = posteriors.window_kind
            and metrics.window_end = posteriors.window_end
            and metrics.numerator = posteriors.numerator
            and metrics.denominator = posteriors.denominator

),

rated as (

    select
        *,
        {{ ratio('numerator', 'denominator') }} as rate,
        {{ ratio('accountable_numerator', 'accountable_denominator') }} as accountable_rate
    from counted

)

select
    -- ids
    rated.vendor_id,
    rated.metric_id,
    md5(
        '{{ var("marketplace") }}'
        || '|' || rated.vendor_id
        || '|' || rated.metric_id
        || '|' || cast(rated.metric_version as string)
        || '|' || rated.window_kind
        || '|' || cast(rated.window_start as string)
        || '|' || cast(rated.window_end as string)
        || '|' || cast(rated.numerator as string)
        || '|' || cast(rated.denominator as string)
    ) as number_id,
    rated.worst_metric_id,

    -- text
    rated.window_kind,
    rated.metric_name,
    rated.unit,
    rated.state,
    rated.state_by_fixed_prior,
    rated.prior_fit,
    rated.prior_group,

    -- numbers
    rated.metric_version,
    rated.window_days,
    rated.numerator,
    rated.denominator,
    rated.rate,
    rated.accountable_numerator,
    rated.accountable_denominator,
    rated.accountable_rate,
    rated.unknown_cause_count,
    rated.maturity_days,
    rated.mature_numerator,
    rated.mature_denominator,
    {{ ratio('rated.mature_numerator', 'rated.mature_denominator') }} as mature_rate,
    rated.median_hours,
    rated.p90_hours,
    rated.rate_estimate,
    rated.rate_lower,
    rated.rate_upper,
    rated.threshold,
    -- a day of one of many offers is no case beside an order
    case
        when rated.unit <> 'rate' or rated.metric_id = 'stock_out_rate' then null
        when rated.is_higher_better and rated.accountable_rate < rated.threshold
            then rated.threshold * rated.accountable_denominator - rated.accountable_numerator
        when not rated.is_higher_better and rated.accountable_rate > rated.threshold
            then rated.accountable_numerator - rated.threshold * rated.accountable_denominator
    end as excess_units,
    rated.probability_over_threshold,
    rated.probability_by_fixed_prior,
    rated.prior_mean,
    rated.prior_weight,
    rated.prior_vendors,
    rated.score_weight_share,
    lag(rated.rate) over (
        partition by rated.vendor_id, rated.metric_id, rated.window_kind
        order by rated.window_end nulls last
    ) as previous_rate,
    -- pooled: numerators and denominators are summed, rates are never averaged
    {{ ratio(
        'sum(rated.numerator) over same_window',
        'sum(rated.denominator) over same_window'
    ) }} as marketplace_rate,

    -- of the whole marketplace: with these no vendor can be charged
    unattributed.unattributed_count,

    -- booleans
    rated.is_judged,
    rated.is_higher_better,
    rated.window_end = {{ as_of_end_date() }} as is_current,

    -- dates
    rated.window_start,
    rated.window_end,
    {{ as_of_date() }} as as_of_date
from rated
left join unattributed
    on
        rated.metric_id = unattributed.metric_id
        and rated.window_kind = unattributed.window_kind
        and rated.window_end = unattributed.window_end
window same_window as (
    partition by rated.metric_id, rated.window_kind, rated.window_end
)
