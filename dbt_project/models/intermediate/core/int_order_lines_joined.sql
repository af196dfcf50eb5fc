{{ config(materialized='incremental', partition_by=['order_date']) }}

with order_lines as (

    select * from {{ ref('int_order_lines_valued') }}

),

orders as (

    select * from {{ ref('int_orders_resolved') }}
    where {{ is_stale('order_date') }}

),

shipments as (

    select * from {{ ref('int_shipments_matched_to_order_line') }}

),

products as (

    select * from {{ ref('int_products_named') }}

)

select
    -- ids
    order_lines.order_line_id,
    order_lines.order_id,
    order_lines.vendor_id,
    order_lines.product_id,
    order_lines.offer_id,
    order_lines.promotion_id,
    order_lines.agreement_id,
    orders.customer_id,
    products.category_id,
    shipments.shipment_id,

    -- text
    coalesce(order_lines.status, orders.status) as status,
    orders.channel,
    orders.currency_code,
    orders.original_currency_code,
    -- some reasons only one side has
    coalesce(
        order_lines.cancelled_by,
        orders.cancelled_by,
        case
            when
                order_lines.cancel_reason
                in ('changed_mind', 'found_cheaper', 'ordered_twice', 'too_slow')
                then 'buyer'
            when order_lines.cancel_reason in ('out_of_stock', 'price_error', 'cannot_deliver')
                then 'vendor'
            when order_lines.cancel_reason in ('payment_failed', 'fraud_suspected') then 'platform'
        end
    ) as cancelled_by,
    order_lines.cancel_reason,
    coalesce(shipments.fulfilled_by, 'vendor') as fulfilled_by,
    shipments.carrier,
    shipments.ship_country_code,
    coalesce(products.product_name, order_lines.product_id) as product_name,
    products.category_name,
    coalesce(order_lines.unit, products.unit, 'piece') as unit,

    -- numbers
    order_lines.quantity,
    order_lines.unit_price,
    order_lines.list_price,
    order_lines.discount_amount,
    order_lines.gmv,
    order_lines.shipping_amount,
    order_lines.commission_amount,
    order_lines.cost_amount,
    order_lines.exchange_rate,
    order_lines.original_unit_price,
    order_lines.original_discount_amount,
    order_lines.original_gmv,
    order_lines.original_shipping_amount,
    order_lines.original_tax_amount,
    order_lines.original_commission_amount,

    -- booleans: a line is cancelled with its order, or alone; without a date of its own it is taken
    -- as known, unless the order's cancellation, which then governs, is still to come
    orders.is_cancelled
    or (
        coalesce(order_lines.status = 'cancelled', false)
        and coalesce(
            {{ business_date('order_lines.cancelled_at') }} < {{ as_of_end_date() }},
            orders.status <> 'cancelled'
        )
    ) as is_cancelled,

    -- dates
    orders.order_date,

    -- timestamps
    orders.ordered_at,
    coalesce({{ known_by('order_lines.cancelled_at') }}, orders.cancelled_at) as cancelled_at,
    {{ known_by('order_lines.accepted_at') }} as accepted_at,
    coalesce(order_lines.ship_by_at, shipments.ship_by_at) as ship_by_at,
    coalesce(order_lines.promised_at, shipments.promised_at) as promised_at,
    shipments.shipped_at,
    shipments.first_attempt_at,
    shipments.delivered_at
from order_lines
-- a line whose order is missing, a test or later than as_of_date is no fact; the missing ones are
-- counted in int_orphans_counted
inner join orders
    on order_lines.order_id = orders.order_id
left join shipments
    on
        order_lines.order_id = shipments.order_id
        and order_lines.order_line_id = shipments.order_line_id
left join products
    on order_lines.product_id = products.product_id
