{# Who sells a line: the vendor that it names, else that of its order, else that of its product as
   the catalogue has it now. #}
with order_lines as (

    select * from {{ ref('stg_shop__order_lines') }}

),

orders as (

    select
        order_id,
        vendor_id
    from {{ ref('stg_shop__orders') }}
    where vendor_id is not null

),

products as (

    select
        product_id,
        vendor_id
    from {{ ref('stg_pim__products') }}
    where vendor_id is not null

)

select
    -- ids
    order_lines.order_line_id,
    order_lines.order_id,
    coalesce(order_lines.vendor_id, orders.vendor_id, products.vendor_id) as vendor_id,
    order_lines.product_id,
    order_lines.offer_id,
    order_lines.promotion_id,
    order_lines.agreement_id,

    -- text
    order_lines.status,
    order_lines.cancelled_by,
    order_lines.cancel_reason,
    order_lines.unit,

    -- numbers
    order_lines.quantity,
    order_lines.unit_price,
    order_lines.list_price,
    order_lines.line_amount,
    order_lines.discount_amount,
    order_lines.discount_rate,
    order_lines.shipping_amount,
    order_lines.tax_amount,
    order_lines.cost_amount,
    order_lines.commission_amount,

    -- booleans
    coalesce(order_lines.vendor_id <> orders.vendor_id, false) as is_vendor_unlike_its_order,

    -- timestamps
    order_lines.accepted_at,
    order_lines.ship_by_at,
    order_lines.promised_at,
    order_lines.cancelled_at
from order_lines
left join orders
    on order_lines.order_id = orders.order_id
left join products
    on order_lines.product_id = products.product_id
