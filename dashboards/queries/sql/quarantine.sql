-- audience: operator
select
    feed,
    path,
    reason_code,
    column_name,
    row_count,
    first_line,
    example_detail,
    first_seen_at
from marts.mart_quarantine
