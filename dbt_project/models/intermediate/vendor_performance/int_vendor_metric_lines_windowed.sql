{# A window that was built is kept by day; one that is new, as each day's last one is, is built whole
   of the orders that reach into it. #}
{{ config(
    materialized='incremental',
    partition_by=['order_date'],
    incremental_predicates=[
        'window_end not in (select window_end from intermediate.int_metric_windows_spined)'
    ]
) }}

with windows as (

    select
        metric_id,
        metric_version,
        window_start,
        window_end
    from {{ ref('int_metric_windows_spined') }}

),

vendor_orders as (

    select * from {{ ref('int_vendor_orders_judged') }}
    where
        {{ is_stale('order_date') }}
        or membership_date >= (
            select min(windows.window_start)
            from windows
            where {{ is_new('windows.window_end') }}
        )

),

reviews as (

    select * from {{ ref('int_reviews_matched_to_vendor') }}

),

fulfilment as (

    select
        vendor_orders.vendor_id,
        vendor_orders.metric_id,
        vendor_orders.order_id,
        vendor_orders.order_line_id,
        windows.metric_version,
        windows.window_start,
        windows.window_end,
        vendor_orders.membership_date,
        vendor_orders.order_date,
        vendor_orders.is_in_numerator
        and coalesce(vendor_orders.numerator_from < windows.window_end, true) as in_numerator
    from vendor_orders
    inner join windows
        on
            vendor_orders.metric_id = windows.metric_id
            and vendor_orders.membership_date >= windows.window_start
            and vendor_orders.membership_date < windows.window_end
    where
        coalesce(vendor_orders.counts_from < windows.window_end, true)
        and coalesce(vendor_orders.counts_until >= windows.window_end, true)
        and ({{ is_stale('vendor_orders.order_date') }} or {{ is_new('windows.window_end') }})

),

review_scores as (

    select
        reviews.vendor_id,
        windows.metric_id,
        reviews.order_id,
        reviews.order_line_id,
        windows.metric_version,
        reviews.order_date,
        windows.window_start,
        windows.window_end,
        max(reviews.created_date) as membership_date,
        sum(reviews.rating) as rating_sum,
        count(*) as review_count
    from reviews
    inner join windows
        on
            reviews.created_date >= windows.window_start
            and reviews.created_date < windows.window_end
    where
        windows.metric_id = 'review_score'
        and ({{ is_stale('reviews.order_date') }} or {{ is_new('windows.window_end') }})
    group by
        reviews.vendor_id,
        windows.metric_id,
        reviews.order_id,
        reviews.order_line_id,
        windows.metric_version,
        reviews.order_date,
        windows.window_start,
        windows.window_end

)

select
    -- ids
    vendor_id,
    metric_id,
    order_id,
    order_line_id,

    -- numbers
    metric_version,
    cast(case when in_numerator then 1 else 0 end as bigint) as numerator_value,
    cast(1 as bigint) as denominator_value,

    -- booleans
    in_numerator,

    -- dates
    membership_date,
    order_date,
    window_start,
    window_end
from fulfilment
union all
select
    vendor_id,
    metric_id,
    order_id,
    order_line_id,
    metric_version,
    cast(rating_sum as bigint) as numerator_value,
    cast(review_count as bigint) as denominator_value,
    true as in_numerator,
    membership_date,
    order_date,
    window_start,
    window_end
from review_scores
