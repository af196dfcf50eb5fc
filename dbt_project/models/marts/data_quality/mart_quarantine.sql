select
    -- ids
    feed,

    -- text
    path,
    reason_code,
    column_name,

    -- numbers
    row_count,
    first_line,

    -- dates
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    first_seen_at
from {{ ref('int_quarantine_rows_grouped') }}
