-- audience: operator
select
    landing_page,
    count(*) as sessions,
    count(case when is_engaged then 1 end) as engaged_sessions,
    count(case when purchased then 1 end) as converted_sessions
from marts.fct_sessions
where
    session_kind = 'human'
    and landing_page is not null
    and session_date >= $first_day and session_date < $end_day
group by landing_page
order by sessions desc, landing_page asc
limit 10
