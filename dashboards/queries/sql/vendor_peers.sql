-- audience: vendor
select
    vendor_id,
    metric_id,
    metric_name,
    unit,
    comparison,
    peer_kind,
    least_peer_count,
    own_quarter,
    peers_best,
    peers_worst,
    rate,
    threshold,
    is_higher_better,
    window_start,
    window_end
from marts.mart_vendor_peers
where vendor_id = $vendor_id
order by
    own_quarter desc nulls last,
    metric_id asc
