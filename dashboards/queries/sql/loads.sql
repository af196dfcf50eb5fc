-- audience: operator
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
    recorded_at
from marts.mart_data_quality
where $feed is null or feed = $feed
