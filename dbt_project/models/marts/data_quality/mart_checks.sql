{# A view, for the last tests and the suites of exports speak after the models are built: what is
   published is what they said last. #}
{{ config(materialized='view') }}

select
    -- ids
    feed,
    check_name,

    -- text
    severity,
    state,
    finding,
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
