-- audience: operator
select
    scorecard.vendor_id,
    vendors.vendor_name,
    scorecard.metric_id,
    scorecard.metric_name,
    scorecard.state,
    scorecard.prior_fit,
    scorecard.numerator,
    scorecard.denominator,
    scorecard.rate,
    scorecard.rate_estimate,
    scorecard.rate_lower,
    scorecard.rate_upper,
    scorecard.threshold,
    scorecard.probability_over_threshold,
    scorecard.is_higher_better,
    metrics.unit,
    count(*) over () as total_count
from marts.mart_vendor_scorecard as scorecard
inner join marts.dim_vendors as vendors
    on scorecard.vendor_id = vendors.vendor_id
left join marts.mart_metrics as metrics
    on
        scorecard.metric_id = metrics.metric_id
        and scorecard.metric_version = metrics.version
where
    scorecard.window_end = $window_end
    and scorecard.state in ('act', 'watch')
order by
    case scorecard.state when 'act' then 1 else 2 end,
    scorecard.probability_over_threshold desc,
    scorecard.denominator desc,
    scorecard.vendor_id asc,
    scorecard.metric_id asc
limit $row_limit
