with orders as (

    select
        order_id,
        status,
        order_date
    from {{ ref('fct_orders') }}

),

due as (

    select * from {{ ref('int_order_problems_found') }}

),

{# Payouts are compared by spans of days, not by orders. #}
books as (

    select
        subject_id as order_id,
        vendor_id,
        source || ' ' || measure as subject_id,
        'books_differ' as problem,
        source as books_source,
        measure as books_measure,
        currency_code,
        residual_amount as amount,
        reconciliation_date as since_date
    from {{ ref('mart_reconciliation_rows') }}
    where residual_amount <> 0 and source <> 'payouts'

),

problems as (

    select
        order_id,
        vendor_id,
        subject_id,
        problem,
        cast(null as string) as books_source,
        cast(null as string) as books_measure,
        currency_code,
        amount,
        since_date
    from due
    union all
    select
        order_id,
        vendor_id,
        subject_id,
        problem,
        books_source,
        books_measure,
        currency_code,
        amount,
        since_date
    from books

)

select
    -- ids
    problems.problem || ' ' || problems.order_id || ' ' || coalesce(problems.vendor_id, '') || ' '
    || problems.subject_id as problem_key,
    problems.order_id,
    problems.vendor_id,

    -- text
    problems.problem,
    problems.books_source,
    problems.books_measure,
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
