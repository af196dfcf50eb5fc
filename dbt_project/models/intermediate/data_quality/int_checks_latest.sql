{# A check's newest result is its state; older ones are history. #}
select
    -- ids
    feed,
    check_name,

    -- text
    severity,
    expected,
    sentence,
    held_back,

    -- numbers
    observed,

    -- booleans
    is_passed,

    -- timestamps
    run_at
from {{ ref('stg_marketplace__check_results') }}
qualify
    row_number() over (
        partition by feed, check_name
        order by run_at desc, is_passed asc, severity asc, sentence asc
    ) = 1
