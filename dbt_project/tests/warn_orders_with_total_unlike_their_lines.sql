-- a cent for each line is rounding; where the tax is not stated it may be any part of the total. In
-- the order's own currency: converted amounts are rounded one by one
with order_lines as (

    select
        order_id,
        count(*) as line_count,
        sum(original_gmv) as gmv,
        sum(original_shipping_amount) as shipping_amount,
        sum(original_tax_amount) as tax_amount
    from {{ ref('fct_order_lines') }}
    group by order_id

),

compared as (

    select
        orders.order_id,
        orders.original_total_amount as total_amount,
        order_lines.gmv,
        coalesce(orders.original_tax_amount, order_lines.tax_amount) as tax_amount,
        0.01 * (order_lines.line_count + 1) as rounding,
        orders.original_total_amount
        - coalesce(orders.original_tax_amount, order_lines.tax_amount, 0)
        - (
            order_lines.gmv
            + order_lines.shipping_amount
            + orders.original_shipping_amount
            - coalesce(orders.original_discount_amount, 0)
        ) as difference
    from {{ ref('int_orders_resolved') }} as orders
    inner join order_lines
        on orders.order_id = order_lines.order_id

)

select
    order_id as subject_id,
    total_amount,
    gmv
from compared
where difference < -rounding or (tax_amount is not null and difference > rounding)
