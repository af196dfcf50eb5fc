-- several payments, reviews and lines of one order must not multiply each other
with displayed as (

    select
        -- a run that builds some days knows the payments of their orders
        sum(orders.paid_amount) filter (where payments.order_id is not null) as paid_amount,
        sum(orders.review_count) as review_count
    from {{ ref('fct_orders') }} as orders
    left join {{ ref('int_payments_summed_to_order') }} as payments
        on orders.order_id = payments.order_id

),

payments as (

    select sum(payments.paid_amount) as paid_amount
    from {{ ref('int_payments_summed_to_order') }} as payments
    inner join {{ ref('fct_orders') }} as orders
        on payments.order_id = orders.order_id

),

reviews as (

    select count(*) as review_count
    from {{ ref('fct_reviews') }}

)

select
    displayed.paid_amount,
    displayed.review_count,
    payments.paid_amount as expected_paid_amount,
    reviews.review_count as expected_review_count
from displayed
cross join payments
cross join reviews
where
    coalesce(displayed.paid_amount, 0) <> coalesce(payments.paid_amount, 0)
    or coalesce(displayed.review_count, 0) <> reviews.review_count
