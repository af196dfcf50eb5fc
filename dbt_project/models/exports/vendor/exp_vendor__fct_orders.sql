{{ config(materialized='incremental', partition_by=['order_date']) }}

with vendor_orders as (

    select * from {{ ref('fct_vendor_orders') }}
    where {{ is_stale('order_date') }}

),

reviews as (

    select
        order_id,
        vendor_id,
        sum(rating) as rating_sum,
        count(*) as review_count
    from {{ ref('exp_vendor__fct_reviews') }}
    group by order_id, vendor_id

)

select
    -- ids
    vendor_orders.order_id,
    vendor_orders.vendor_id,

    -- text
    vendor_orders.status,
    vendor_orders.channel,
    vendor_orders.currency_code,
    vendor_orders.original_currency_code,
    vendor_orders.ship_by_basis,

    -- numbers
    vendor_orders.line_count,
    vendor_orders.unit_count,
    vendor_orders.gmv,
    vendor_orders.gmv_net,
    vendor_orders.shipping_amount,
    vendor_orders.commission_amount,
    vendor_orders.original_gmv,
    {{ ratio('reviews.rating_sum', 'reviews.review_count') }} as review_rating,

    -- booleans
    vendor_orders.is_cancelled,
    vendor_orders.is_late,

    -- dates
    vendor_orders.order_date,
    vendor_orders.as_of_date,

    -- timestamps
    vendor_orders.ordered_at,
    vendor_orders.ship_by_at,
    vendor_orders.promised_at,
    vendor_orders.shipped_at,
    vendor_orders.delivered_at
from vendor_orders
left join reviews
    on vendor_orders.order_id = reviews.order_id and vendor_orders.vendor_id = reviews.vendor_id
