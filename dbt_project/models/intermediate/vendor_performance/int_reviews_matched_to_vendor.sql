{{ config(materialized='incremental', partition_by=['order_date']) }}

with vendor_orders as (

    select distinct
        order_id,
        vendor_id
    from {{ ref('fct_order_lines') }}
    where {{ is_stale('order_date') }}

),

reviews as (

    select * from {{ ref('int_reviews_dated') }}
    where {{ is_stale('order_date') }}

)

select
    -- ids
    reviews.review_id,
    vendor_orders.order_id,
    vendor_orders.vendor_id,

    -- numbers
    reviews.rating,

    -- dates
    reviews.created_date,
    reviews.order_date
from reviews
-- a review that names no vendor speaks of every vendor of the order
inner join vendor_orders
    on
        reviews.order_id = vendor_orders.order_id
        and coalesce(reviews.vendor_id, vendor_orders.vendor_id) = vendor_orders.vendor_id
