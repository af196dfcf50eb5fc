-- audience: operator
-- the first and the last week are those of their days that were asked for
select
    greatest(cast(date_trunc('week', session_date) as date), $first_day) as first_day,
    least(
        cast(date_trunc('week', session_date) + interval 7 day as date), $end_day
    ) as end_day,
    sum(sessions) as sessions,
    sum(converted_sessions) as converted_sessions
from marts.mart_funnel_daily
where session_date >= $first_day and session_date < $end_day
group by first_day, end_day
order by first_day desc
limit 14
