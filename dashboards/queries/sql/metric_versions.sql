-- audience: operator
select
    metric_id,
    version,
    name,
    unit,
    sentence,
    formula,
    grain,
    numerator,
    denominator,
    "window",
    membership_date,
    exclusions,
    threshold,
    threshold_origin,
    is_higher_better,
    is_scored,
    owner,
    vendor_advice,
    valid_from,
    valid_to
from marts.mart_metrics
order by
    is_scored desc,
    metric_id asc,
    version desc
