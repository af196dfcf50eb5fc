-- audience: operator
select
    sum(searches) as searches,
    sum(zero_result_searches) as zero_result_searches
from marts.mart_searches_daily
where session_date > as_of_date - interval 90 day
