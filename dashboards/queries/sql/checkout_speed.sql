-- audience: operator
select
    seconds_from,
    sum(sessions) as sessions
from marts.mart_checkout_speed_daily
where session_date >= $first_day and session_date < $end_day
group by seconds_from
order by seconds_from asc
