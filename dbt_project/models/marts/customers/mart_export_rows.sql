select
    -- ids
    run_id,
    export_name,
    destination_name,
    subject_id,
    case when subject_kind = 'customer' then subject_id end as customer_id,

    -- text
    subject_kind,
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
