select
    feed,
    check_name,
    severity,
    state,
    observed,
    finding,
    held_back,
    is_passed,
    run_at,
    count(*) over () as total_count
from marts.mart_checks
where (state = 'ok') = $is_passed
order by
    case state
        when 'failed' then 1
        when 'warning' then 2
        else 3
    end,
    feed asc,
    check_name asc
limit $row_limit offset $row_offset
