-- audience: operator, vendor
-- shared: yes
select
    metric_id,
    version,
    name,
    unit,
    sentence,
    formula,
    grain,
    "window",
    membership_date,
    exclusions,
    owner,
    window_days,
    threshold,
    is_higher_better,
    vendor_advice,
    valid_from
from marts.mart_metrics
where valid_to is null
order by metric_id
