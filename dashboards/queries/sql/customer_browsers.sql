-- audience: operator
select
    visitor_id,
    link_reason,
    link_confidence,
    session_count,
    known_session_count,
    last_session_date
from marts.dim_visitors
where customer_id = $customer_id
order by known_session_count desc, visitor_id asc
limit $row_limit
