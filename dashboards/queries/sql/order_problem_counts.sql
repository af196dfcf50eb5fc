-- audience: operator
select
    problem,
    count(*) as problem_count,
    count(distinct order_id) as order_count
from marts.mart_order_problems
group by problem
order by order_count desc, problem asc
