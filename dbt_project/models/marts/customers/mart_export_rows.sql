select
    -- ids
    run_id,
    export_name,
    destination_name,
    customer_id,

    -- text
    run_state,
    operation,
    row_state,
    reason_code,
    consent_version,
    destination_state,

    -- numbers
    cast(attempt_count as bigint) as attempt_count,

    -- booleans
    is_new,
    is_holdout,

    -- dates
    changed_at,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_export_rows_judged') }}
