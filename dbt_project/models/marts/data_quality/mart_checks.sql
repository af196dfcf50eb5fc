select
    -- ids
    feed,
    check_name,

    -- text
    severity,
    state,
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
from {{ ref('int_checks_judged') }}
