-- audience: operator
select
    search_term,
    sum(searches) as searches,
    sum(zero_result_searches) as zero_result_searches
from marts.mart_searches_daily
where session_date >= $first_day and session_date < $end_day
group by search_term
having sum(zero_result_searches) > 0
order by zero_result_searches desc, search_term asc
limit 10
