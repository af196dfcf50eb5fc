-- audience: operator
-- shared: yes
select
    metric_id,
    name as metric_name,
    unit,
    threshold,
    threshold_origin,
    is_higher_better
from marts.mart_metrics
where
    valid_to is null
    and is_scored
order by metric_id asc
