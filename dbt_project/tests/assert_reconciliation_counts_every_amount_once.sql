-- shared out over vendors or not, matched or not: every amount is in the comparison exactly once
with compared as (

    select
        sum(shop_amount) filter (where source = 'erp' and measure = 'goods') as goods,
        sum(source_amount) filter (where source = 'erp' and measure = 'goods') as invoiced,
        sum(shop_amount) filter (where source = 'payouts' and measure = 'goods') as delivered,
        sum(shop_amount) filter (where measure = 'payments') as owed,
        sum(source_amount) filter (where measure = 'payments') as received,
        sum(source_amount) filter (where source = 'accounting' and measure = 'refunds') as refunded
    from {{ ref('int_amounts_reconciled') }}

),

order_lines as (

    select
        sum(original_gmv) as goods,
        sum(original_gmv) filter (where delivered_date is not null) as delivered
    from {{ ref('fct_order_lines') }}

),

lines_of_order as (

    select
        order_id,
        sum(original_gmv + original_shipping_amount) as owed,
        sum(original_tax_amount) as tax
    from {{ ref('fct_order_lines') }}
    group by order_id

),

orders as (

    select
        sum(
            coalesce(lines_of_order.owed, 0)
            + orders.original_shipping_amount
            - coalesce(orders.original_discount_amount, 0)
            + coalesce(orders.original_tax_amount, lines_of_order.tax, 0)
        ) as owed
    from {{ ref('int_orders_resolved') }} as orders
    left join lines_of_order
        on orders.order_id = lines_of_order.order_id

),

documents as (

    select
        sum(goods) as invoiced,
        sum(received) as received,
        sum(refunded) as refunded
    from {{ ref('int_order_documents_summed') }}

)

select
    compared.*,
    order_lines.goods as stated_goods,
    order_lines.delivered as stated_delivered,
    orders.owed as stated_owed,
    documents.invoiced as stated_invoiced,
    documents.received as stated_received,
    documents.refunded as stated_refunded
from compared
cross join order_lines
cross join orders
cross join documents
where
    coalesce(compared.goods, 0) <> coalesce(order_lines.goods, 0)
    or coalesce(compared.delivered, 0) <> coalesce(order_lines.delivered, 0)
    or coalesce(compared.owed, 0) <> coalesce(orders.owed, 0)
    or coalesce(compared.invoiced, 0) <> coalesce(documents.invoiced, 0)
    or coalesce(compared.received, 0) <> coalesce(documents.received, 0)
    or coalesce(compared.refunded, 0) <> coalesce(documents.refunded, 0)
