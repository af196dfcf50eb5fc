-- audience: operator, vendor
select
    scores.vendor_id,
    scores.metric_id,
    scores.rate,
    scores.rate_lower,
    scores.rate_upper,
    scores.threshold,
    scores.denominator,
    scores.score_weight_share,
    scores.state,
    scores.previous_rate,
    scores.worst_metric_id,
    worst.metric_name,
    worst.state as worst_state,
    scores.window_start,
    scores.window_end
from marts.mart_vendor_scorecard as scores
left join marts.mart_vendor_scorecard as worst
    on
        scores.vendor_id = worst.vendor_id
        and scores.worst_metric_id = worst.metric_id
        and scores.window_end = worst.window_end
        and worst.is_judged
where
    scores.vendor_id = $vendor_id
    and worst.vendor_id = $vendor_id
    and scores.window_end = $window_end
    and scores.unit = 'points'
