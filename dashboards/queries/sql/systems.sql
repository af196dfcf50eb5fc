-- audience: operator
select
    system,
    state,
    finding,
    finding_count,
    finding_what,
    finding_title,
    held_back_code,
    held_back_what,
    feed_count,
    troubled_count,
    differing_comparison_count,
    expected_count,
    delivered_count,
    late_count,
    open_quarantine_count,
    failing_check_count,
    lag_hours,
    event_lag_days,
    last_good_load_at,
    as_of_date
from marts.mart_integration_health
order by
    case state
        when 'failed' then 1
        when 'warning' then 2
        when 'ok' then 3
        else 4
    end,
    system asc
