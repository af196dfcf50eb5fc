-- audience: operator
select
    feed,
    check_name,
    severity,
    state,
    observed,
    examples,
    expected,
    sentence,
    held_back,
    is_passed,
    run_at,
    case state
        when 'failed' then 1
        when 'warning' then 2
        else 3
    end as state_rank
from marts.mart_checks
where
    $result is null
    or (state = 'ok') = ($result = 'passed')
