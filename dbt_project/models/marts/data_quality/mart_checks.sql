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
    expected,
    sentence,
    coalesce(held_back, '') as held_back,

    -- numbers
    observed,

    -- booleans
    is_passed,

    -- dates
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    run_at
from {{ ref('int_checks_latest') }}
