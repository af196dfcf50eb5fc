-- shared out over vendors or not, matched or not: every amount is in the comparison exactly once
with compared as (

    select
        'goods' as what,
        sum(shop_amount) as amount
    from {{ ref('int_amounts_reconciled') }}
    where source = 'erp' and measure = 'goods'
    union all
    select
        'received' as what,
        sum(source_amount) as amount
    from {{ ref('int_amounts_reconciled') }}
    where source = 'accounting' and measure = 'payments'
    union all
    select
        'refunded' as what,
        sum(source_amount) as amount
    from {{ ref('int_amounts_reconciled') }}
    where source = 'accounting' and measure = 'refunds'
    union all
    select
        'owed' as what,
        sum(shop_amount) as amount
    from {{ ref('int_amounts_reconciled') }}
    where source = 'accounting' and measure = 'payments'
    union all
    select
        'delivered' as what,
        sum(shop_amount) as amount
    from {{ ref('int_amounts_reconciled') }}
    where source = 'payouts' and measure = 'goods'
    union all
    select
        'invoiced' as what,
        sum(source_amount) as amount
    from {{ ref('int_amounts_reconciled') }}
    where source = 'erp' and measure = 'goods'

),

stated as (

    select
        'goods' as what,
        sum(gmv) as amount
    from {{ ref('fct_order_lines') }}
    union all
    select
        'received' as what,
        sum(received) as amount
    from {{ ref('int_order_documents_summed') }}
    union all
    select
        'refunded' as what,
        sum(refunded) as amount
    from {{ ref('int_order_documents_summed') }}
    union all
    select
        'owed' as what,
        sum(gmv + shipping_amount) as amount
    from {{ ref('fct_orders') }}
    union all
    select
        'delivered' as what,
        sum(gmv) as amount
    from {{ ref('fct_order_lines') }}
    where delivered_date is not null
    union all
    select
        'invoiced' as what,
        sum(goods) as amount
    from {{ ref('int_order_documents_summed') }}

)

select
    stated.what,
    stated.amount as stated_amount,
    compared.amount as compared_amount
from stated
inner join compared
    on stated.what = compared.what
where coalesce(stated.amount, 0) <> coalesce(compared.amount, 0)
