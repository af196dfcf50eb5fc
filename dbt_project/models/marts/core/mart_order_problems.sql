with problems as (

    select * from {{ ref('int_order_problems_found') }}

),

orders as (

    select
        order_id,
        status,
        order_date
    from {{ ref('fct_orders') }}

)

select
    -- ids
    problems.problem || ' ' || problems.order_id || ' ' || coalesce(problems.vendor_id, '') || ' '
    || problems.subject_id as problem_key,
    problems.order_id,
    problems.vendor_id,

    -- text
    problems.problem,
    orders.status,
    problems.currency_code,

    -- numbers
    {{ money('problems.amount') }} as amount,
    cast({{ days_between('problems.since_date', as_of_date()) }} as bigint) as age_days,

    -- dates
    problems.since_date,
    orders.order_date,
    {{ as_of_date() }} as as_of_date
from problems
inner join orders
    on problems.order_id = orders.order_id
