-- audience: operator
select
    cast(date_trunc('week', session_date) as date) as week,
    sum(sessions) as sessions,
    sum(converted_sessions) as converted_sessions
from marts.mart_funnel_daily
where session_date >= $first_day and session_date < $end_day
group by week
order by week desc
limit 14
