{{ config(materialized='incremental', partition_by=['order_date']) }}

with orders as (

    select * from {{ ref('int_orders_resolved') }}
    where {{ is_stale('order_date') }}

),

order_lines as (

    select * from {{ ref('int_order_lines_summed_to_order') }}

),

payments as (

    select * from {{ ref('int_payments_summed_to_order') }}

),

shipments as (

    select * from {{ ref('int_shipments_summed_to_order') }}

),

reviews as (

    select * from {{ ref('int_reviews_summed_to_order') }}

),

joined as (

    -- every child is one row per order by now: joining two raw children would multiply amounts
    select
        orders.*,
        coalesce(order_lines.line_count, 0) as line_count,
        coalesce(order_lines.vendor_count, 0) as vendor_count,
        {{ units('coalesce(order_lines.unit_count, 0)') }} as unit_count,
        -- without a rate, or with a total that no line shares out, it has a value, and nobody knows
        -- which: that is NULL, not zero
        orders.exchange_rate is not null
        and (order_lines.order_id is not null or coalesce(orders.total_amount, 0) = 0)
            as has_known_value,
        coalesce(order_lines.gmv, 0) as gmv,
        coalesce(order_lines.gmv_net, 0) as gmv_net,
        -- NULL where no line states any
        case when order_lines.order_id is null then 0 else order_lines.commission_amount end
            as commission_amount,
        coalesce(order_lines.shipping_amount, 0) as line_shipping_amount,
        coalesce(order_lines.original_gmv, 0) as original_gmv,
        coalesce(order_lines.is_in_gmv_net, false) as is_in_gmv_net,
        coalesce(payments.payment_count, 0) as payment_count,
        case when payments.order_id is null then 0 else payments.paid_amount end as paid_amount,
        case when payments.order_id is null then 0 else payments.refunded_amount end
            as refunded_amount,
        coalesce(reviews.review_count, 0) as review_count,
        coalesce(reviews.review_rating_sum, 0) as review_rating_sum,
        -- an order whose lines never came is judged by its shipments
        case
            when order_lines.order_id is null then shipments.promised_at
            else order_lines.promised_at
        end as promised_at,
        case
            when order_lines.order_id is null then shipments.shipped_at
            else order_lines.shipped_at
        end as shipped_at,
        case
            when order_lines.order_id is null then shipments.delivered_at
            else order_lines.delivered_at
        end as delivered_at
    from orders
    left join order_lines
        on orders.order_id = order_lines.order_id
    left join payments
        on orders.order_id = payments.order_id
    left join shipments
        on orders.order_id = shipments.order_id
    left join reviews
        on orders.order_id = reviews.order_id

)

select
    -- ids
    order_id,
    customer_id,
    cart_id,

    -- text
    status,
    channel,
    currency_code,
    original_currency_code,

    -- numbers
    line_count,
    vendor_count,
    unit_count,
    case when has_known_value then {{ money('gmv') }} end as gmv,
    case when has_known_value then {{ money('gmv_net') }} end as gmv_net,
    {{ money('shipping_amount + line_shipping_amount') }} as shipping_amount,
    case when has_known_value then {{ money('commission_amount') }} end as commission_amount,
    discount_amount,
    tax_amount,
    total_amount,
    exchange_rate,
    case when has_known_value or exchange_rate is null then {{ money('original_gmv') }} end
        as original_gmv,
    payment_count,
    {{ money('paid_amount') }} as paid_amount,
    {{ money('refunded_amount') }} as refunded_amount,
    review_count,
    review_rating_sum,

    -- booleans
    is_cancelled,
    is_in_gmv_net,
    status = 'unavailable' or (is_cancelled and coalesce(cancelled_by, 'unknown') <> 'buyer')
        as is_lost,
    delivered_at > promised_at as is_late,
    {{ business_date('delivered_at') }} > {{ business_date('promised_at') }} as is_late_by_date,

    -- dates
    order_date,
    {{ business_date('promised_at') }} as promised_date,
    {{ business_date('delivered_at') }} as delivered_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    ordered_at,
    approved_at,
    promised_at,
    shipped_at,
    delivered_at,
    cancelled_at
from joined
