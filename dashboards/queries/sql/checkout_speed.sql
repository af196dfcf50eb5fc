-- audience: operator
select
    count(*) as orders,
    median(checkout_seconds) as median_seconds
from marts.fct_sessions
where
    session_kind = 'human'
    and session_date >= $first_day and session_date < $end_day
    and checkout_seconds is not null
