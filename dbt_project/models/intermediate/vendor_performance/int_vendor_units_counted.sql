{# What each metric counts of a vendor: its parts of orders, or the reviews that speak of them. The
   dates say in which windows a unit counts; `is_in_numerator` and the values are as of now. #}
with vendor_orders as (

    select * from {{ ref('int_vendor_orders_judged') }}

),

reviews as (

    select * from {{ ref('int_reviews_matched_to_vendor') }}

)

select
    -- ids
    metric_id,
    vendor_id,
    order_id as unit_id,
    order_id,

    -- text
    'order' as unit_kind,

    -- numbers
    cast(case when is_in_numerator then 1 else 0 end as bigint) as numerator_value,
    cast(1 as bigint) as denominator_value,

    -- booleans
    is_in_numerator,

    -- dates
    membership_date,
    counts_from,
    counts_until,
    numerator_from
from vendor_orders
union all
select
    'review_score' as metric_id,
    vendor_id,
    -- one review may speak of several orders, and counts for each
    review_id || ' ' || order_id as unit_id,
    order_id,
    'review' as unit_kind,
    cast(rating as bigint) as numerator_value,
    cast(1 as bigint) as denominator_value,
    true as is_in_numerator,
    created_date as membership_date,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from
from reviews
