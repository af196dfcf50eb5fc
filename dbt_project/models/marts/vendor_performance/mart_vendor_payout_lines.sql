{# What each payout settles, line by line, and what none settles yet: their sums are the parts of
   mart_vendor_payouts. #}
with lines as (

    select * from {{ ref('int_payout_lines_settled') }}

),

order_lines as (

    select
        order_id,
        order_line_id,
        product_id,
        product_name
    from {{ ref('fct_order_lines') }}

)

select
    -- ids
    lines.vendor_id,
    lines.statement_id,
    lines.order_id,
    lines.order_line_id,
    order_lines.product_id,

    -- text
    lines.line_kind,
    order_lines.product_name,
    lines.currency_code,

    -- numbers
    {{ money('lines.goods + lines.discount') }} as list_sales_amount,
    {{ money('-lines.discount') }} as discount_amount,
    {{ money('-lines.goods_cancelled') }} as cancelled_amount,
    {{ money('-lines.refunds') }} as refund_amount,
    {{ money('coalesce(lines.commission_cancelled, 0) - coalesce(lines.commission, 0)') }}
        as commission_amount,
    {{ money(
        'lines.goods - lines.goods_cancelled - lines.refunds'
        ' + coalesce(lines.commission_cancelled, 0) - coalesce(lines.commission, 0)'
    ) }} as net_amount,
    lines.tax as tax_amount,

    -- dates
    lines.event_date,
    {{ as_of_date() }} as as_of_date
from lines
left join order_lines
    on
        lines.order_id = order_lines.order_id
        and lines.order_line_id = order_lines.order_line_id
