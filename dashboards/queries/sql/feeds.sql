-- audience: operator
select
    feed,
    title,
    system,
    delivery,
    is_configured,
    is_required,
    row_count,
    orphan_count,
    first_event_date,
    last_event_date,
    missing_day_count,
    load_count,
    rejected_count,
    quarantined_count,
    last_recorded_at,
    lag_days,
    load_lag_hours,
    failing_check_count,
    freshness,
    held_back_code,
    held_back_what,
    last_good_load_at,
    state,
    finding,
    finding_count,
    finding_what,
    as_of_date
from marts.mart_feed_status
order by
    case state
        when 'failed' then 1
        when 'warning' then 2
        when 'ok' then 3
        else 4
    end,
    is_required desc,
    feed asc
