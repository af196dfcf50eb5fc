-- audience: operator, vendor
-- a window that judges nobody has the state of the one that does beside it
select
    scorecard.vendor_id,
    scorecard.metric_id,
    scorecard.metric_version,
    scorecard.metric_name,
    judged.state,
    judged.accountable_rate as judged_accountable_rate,
    scorecard.window_kind,
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
    scorecard.unknown_cause_count,
    scorecard.maturity_days,
    scorecard.mature_denominator,
    scorecard.mature_rate,
    scorecard.rate_estimate,
    scorecard.rate_lower,
    scorecard.rate_upper,
    scorecard.threshold,
    scorecard.probability_over_threshold,
    scorecard.is_higher_better,
    scorecard.is_judged,
    judged.rate as judged_rate,
    judged.window_start as judged_start,
    scorecard.median_hours,
    scorecard.as_of_date,
    metrics.unit,
    metrics.sentence,
    metrics.formula,
    metrics.exclusions,
    metrics.membership_date,
    metrics.vendor_advice
from marts.mart_vendor_scorecard as scorecard
inner join marts.mart_vendor_scorecard as judged
    on
        scorecard.vendor_id = judged.vendor_id
        and scorecard.metric_id = judged.metric_id
        and scorecard.window_end = judged.window_end
        and judged.is_judged
left join marts.mart_metrics as metrics
    on
        scorecard.metric_id = metrics.metric_id
        and scorecard.metric_version = metrics.version
where
    scorecard.vendor_id = $vendor_id
    and judged.vendor_id = $vendor_id
    and scorecard.window_end = $window_end
    and case
        when $window_kind is null then scorecard.is_judged
        else scorecard.window_kind = $window_kind
    end
    and metrics.unit <> 'points'
order by
    case judged.state
        when 'act' then 1
        when 'watch' then 2
        when 'ok' then 3
        else 4
    end,
    judged.probability_over_threshold desc nulls last,
    scorecard.metric_id asc
