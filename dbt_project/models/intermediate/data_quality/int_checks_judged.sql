{# The loader replaces a check's result at each run, so every result is the newest there is. #}
select
    -- ids
    feed,
    check_name,

    -- text
    severity,
    case
        when is_passed then 'ok'
        when severity = 'error' then 'failed'
        else 'warning'
    end as state,
    finding,
    held_back,

    -- numbers
    observed,

    -- booleans
    is_passed,

    -- timestamps
    run_at
from {{ ref('stg_kontor__check_results') }}
