-- audience: operator
select
    vendor_id,
    metric_id,
    unattributed_count
from marts.mart_vendor_scorecard
where
    vendor_id = $vendor_id
    and window_end = $window_end
    and is_judged
