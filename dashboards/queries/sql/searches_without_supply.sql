-- audience: operator
select
    search_term,
    sum(searches) as searches,
    sum(zero_result_searches) as zero_result_searches
from marts.mart_searches_daily
where session_date > as_of_date - interval 90 day
group by search_term
having sum(zero_result_searches) > 0
