{{ config(materialized='table') }}

{# Returns that do not say of which line, as cancelling invoices do not: taken for the last line
   before them, of their order or customer, that sold the product; one with as many units comes
   first. #}
with returns as (

    select * from {{ ref('stg_oms__returns') }}
    where order_id is null or order_line_id is null

),

order_lines as (

    select
        order_id,
        order_line_id,
        product_id,
        quantity
    from {{ ref('int_order_lines_matched_to_vendor') }}

),

orders as (

    select
        order_id,
        customer_id,
        ordered_at
    from {{ ref('int_orders_resolved') }}

),

earlier_lines as (

    select
        returns.return_id,
        order_lines.order_id,
        order_lines.order_line_id
    from returns
    inner join order_lines
        on returns.product_id = order_lines.product_id
    inner join orders
        on order_lines.order_id = orders.order_id
    where
        returns.order_line_id is null
        and coalesce(returns.order_id, orders.order_id) = orders.order_id
        and coalesce(returns.customer_id, orders.customer_id) = orders.customer_id
        and orders.ordered_at <= returns.requested_at
    qualify row_number() over (
        partition by returns.return_id
        order by
            order_lines.quantity >= returns.quantity desc nulls last,
            orders.ordered_at desc nulls last,
            order_lines.order_id desc,
            order_lines.order_line_id desc
    ) = 1

)

select
    -- ids
    returns.return_id,
    earlier_lines.order_id,
    earlier_lines.order_line_id,

    -- text
    returns.status,
    returns.currency_code,

    -- numbers
    returns.quantity,
    returns.refund_amount,

    -- timestamps
    returns.requested_at,
    returns.received_at,
    returns.refunded_at
from returns
left join earlier_lines
    on returns.return_id = earlier_lines.return_id
