{{ config(materialized='incremental', partition_by=['order_date']) }}

with reviews as (

    select * from {{ ref('stg_shop__reviews') }}
    where {{ is_of_stale_order('order_id') }}

),

orders as (

    select
        order_id,
        order_date
    from {{ ref('int_orders_resolved') }}
    where {{ is_stale('order_date') }}

),

order_lines as (

    select
        order_id,
        order_line_id,
        vendor_id
    from {{ ref('fct_order_lines') }}
    where {{ is_stale('order_date') }}

),

dated as (

    select
        reviews.review_id,
        reviews.order_id,
        -- a review of a line speaks of the line's vendor
        coalesce(reviews.vendor_id, order_lines.vendor_id) as vendor_id,
        reviews.rating,
        coalesce({{ business_date('reviews.created_at') }}, orders.order_date) as created_date,
        orders.order_date,
        {{ known_by('reviews.answered_at') }} as answered_at
    from reviews
    inner join orders
        on reviews.order_id = orders.order_id
    left join order_lines
        on
            reviews.order_id = order_lines.order_id
            and reviews.order_line_id = order_lines.order_line_id

)

select
    -- ids
    review_id,
    order_id,
    vendor_id,

    -- numbers
    rating,

    -- dates
    created_date,
    order_date,

    -- timestamps
    answered_at
from dated
where created_date < {{ as_of_end_date() }}
