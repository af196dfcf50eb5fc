-- audience: operator
select
    problems.problem_key,
    problems.order_id,
    problems.problem,
    problems.books_source,
    problems.books_measure,
    problems.vendor_id,
    vendors.vendor_name,
    problems.status,
    problems.currency_code,
    problems.amount,
    problems.age_days,
    problems.since_date,
    problems.order_date,
    -- what somebody waits for stands before what two books say
    case when problems.problem = 'books_differ' then 1 else 0 end as books_rank
from marts.mart_order_problems as problems
left join marts.dim_vendors as vendors
    on problems.vendor_id = vendors.vendor_id
where
    ($problem is null or problems.problem = $problem)
    and (
        $search is null
        or contains(lower(problems.order_id), lower($search))
        or contains(lower(problems.vendor_id), lower($search))
        or contains(lower(vendors.vendor_name), lower($search))
    )
