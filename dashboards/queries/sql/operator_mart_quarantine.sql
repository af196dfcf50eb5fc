select
    feed,
    path,
    reason_code,
    column_name,
    row_count,
    first_line,
    first_seen_at,
    count(*) over () as total_count
from marts.mart_quarantine
order by
    row_count desc,
    feed asc,
    path asc,
    reason_code asc,
    column_name asc
limit $row_limit
