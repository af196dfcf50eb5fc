-- audience: operator, vendor
select
    scorecard.vendor_id,
    scorecard.metric_id,
    scorecard.metric_version,
    scorecard.metric_name,
    scorecard.state,
    scorecard.state_by_fixed_prior,
    scorecard.prior_fit,
    scorecard.prior_group,
    scorecard.number_id,
    scorecard.window_start,
    scorecard.window_end,
    scorecard.window_days,
    scorecard.numerator,
    scorecard.denominator,
    scorecard.rate,
    scorecard.accountable_numerator,
    scorecard.accountable_denominator,
    scorecard.accountable_rate,
    scorecard.maturity_days,
    scorecard.mature_denominator,
    scorecard.mature_rate,
    scorecard.rate_estimate,
    scorecard.rate_lower,
    scorecard.rate_upper,
    scorecard.threshold,
    scorecard.probability_over_threshold,
    scorecard.is_higher_better,
    scorecard.as_of_date,
    metrics.unit,
    metrics.sentence,
    metrics.formula,
    metrics.exclusions,
    metrics.membership_date,
    metrics.vendor_advice
from marts.mart_vendor_scorecard as scorecard
left join marts.mart_metrics as metrics
    on
        scorecard.metric_id = metrics.metric_id
        and scorecard.metric_version = metrics.version
where
    scorecard.vendor_id = $vendor_id
    and scorecard.window_end = $window_end
    and scorecard.is_judged
    and metrics.unit <> 'points'
order by
    case scorecard.state
        when 'act' then 1
        when 'watch' then 2
        when 'ok' then 3
        else 4
    end,
    scorecard.probability_over_threshold desc nulls last,
    scorecard.metric_id asc
