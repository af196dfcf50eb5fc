-- audience: operator
-- of the windows that judge
select
    count(distinct case when state = 'act' then vendor_id end) as acting_vendors,
    count(case when state = 'act' then 1 end) as acting_count,
    count(case when state = 'watch' then 1 end) as watched_count
from marts.mart_vendor_scorecard
where
    is_current
    and is_judged
    and unit <> 'points'
