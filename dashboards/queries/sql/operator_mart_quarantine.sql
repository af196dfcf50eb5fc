select
    feed,
    path,
    reason_code,
    column_name,
    row_count,
    first_line,
    example_detail,
    first_seen_at,
    count(*) over () as total_count
from marts.mart_quarantine
order by
    row_count desc,
    feed ASC,
    path ASC,
    reason_code ASC,
    column_name ASC
limit $row_limit
