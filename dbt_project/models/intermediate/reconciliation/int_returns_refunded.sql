{# Refunds as known by as_of_date, per line; what comes back is worth no more than the line. #}
with refunds as (

    select
        order_id,
        order_line_id,
        quantity,
        refund_amount,
        {{ business_date('refunded_at') }} as refunded_date
    from {{ ref('stg_oms__returns') }}
    where
        {{ business_date('refunded_at') }} < {{ as_of_end_date() }}
        and status not in ('requested', 'refused')

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

valued as (

    select
        order_lines.order_line_id,
        order_lines.order_id,
        order_lines.vendor_id,
        order_lines.currency_code,
        order_lines.gmv_net,
        order_lines.commission_amount,
        refunds.refunded_date,
        -- a return without an amount gives back its share of the line
        coalesce(
            refunds.refund_amount,
            {{ average_money('order_lines.gmv * refunds.quantity', 'order_lines.quantity') }}
        ) as refund_amount
    from refunds
    inner join order_lines
        on
            refunds.order_id = order_lines.order_id
            and refunds.order_line_id = order_lines.order_line_id

)

select
    -- ids
    order_line_id,
    order_id,
    vendor_id,

    -- text
    currency_code,

    -- numbers
    {{ money('sum(refund_amount)') }} as refund_amount,
    {{ money('least(sum(refund_amount), max(gmv_net))') }} as returned_amount,
    max(commission_amount) as commission_amount,

    -- dates
    max(refunded_date) as refunded_date
from valued
group by order_line_id, order_id, vendor_id, currency_code
