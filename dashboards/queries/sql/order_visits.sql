-- audience: operator
select
    started_at,
    channel
from marts.fct_sessions
where
    customer_id = $customer_id
    and session_kind = 'human'
    and started_at >= $from_moment
    and started_at <= $until_moment
