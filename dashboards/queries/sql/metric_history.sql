-- audience: operator, vendor
select
    vendor_id,
    metric_id,
    window_start,
    window_end,
    numerator,
    denominator,
    rate,
    rate_estimate,
    rate_lower,
    rate_upper,
    threshold,
    state
from marts.mart_vendor_scorecard
where
    vendor_id = $vendor_id
    and ($metric_id is null or metric_id = $metric_id)
    and is_judged
order by
    metric_id asc,
    window_end asc
