select
    feed,
    load_id,
    path,
    status,
    reason_code,
    reason_detail,
    received,
    applied,
    unchanged,
    duplicate,
    quarantined,
    dropped,
    late,
    arrival_lag_hours,
    is_balanced,
    first_event_date,
    last_event_date,
    recorded_at,
    count(*) over () as total_count
from marts.mart_data_quality
where $feed is null or feed = $feed
order by
    recorded_at desc,
    feed asc,
    path asc,
    load_id asc
limit $row_limit offset $row_offset
