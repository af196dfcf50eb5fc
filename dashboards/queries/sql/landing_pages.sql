-- audience: operator
select
    landing_page,
    sum(sessions) as sessions,
    sum(engaged_sessions) as engaged_sessions,
    sum(converted_sessions) as converted_sessions
from marts.mart_landing_pages_daily
where session_date >= $first_day and session_date < $end_day
group by landing_page
order by sessions desc, landing_page asc
limit 10
