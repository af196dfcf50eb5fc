-- audience: operator
select
    problems.problem,
    problems.books_source,
    problems.books_measure,
    problems.vendor_id,
    vendors.vendor_name,
    problems.currency_code,
    problems.amount,
    problems.since_date,
    problems.age_days
from marts.mart_order_problems as problems
left join marts.dim_vendors as vendors
    on problems.vendor_id = vendors.vendor_id
where problems.order_id = $order_id
order by problems.since_date, problems.problem_key
