{{ config(materialized='incremental', partition_by=['order_date']) }}

{#- What an amount of a whole order is shared out by: invoices by goods, payments by goods and
    shipping. Shipping goes the way the shop's own does. -#}
{%- set weights = ['goods', 'owed'] %}
{%- set kinds = ['goods', 'owed', 'shipping'] %}

with allowances as (

    select
        max(case when source = 'erp' then days_allowed end) as invoice_days,
        max(case when measure = 'payments' then days_allowed end) as payment_days,
        max(case when measure = 'refunds' and source = 'accounting' then days_allowed end)
            as refund_days
    from {{ ref('reconciliation_registry') }}

),

order_lines as (

    select
        order_lines.order_id,
        order_lines.vendor_id,
        -- books are compared in the currency in which they were written
        order_lines.original_gmv as gmv,
        case when order_lines.is_in_gmv_net then order_lines.original_gmv else 0 end
            as gmv_standing,
        order_lines.original_shipping_amount as shipping_amount,
        order_lines.is_in_gmv_net,
        coalesce(returned.returned_amount, 0) as returned_amount,
        coalesce(order_lines.cancelled_date, order_lines.order_date) as cancelled_date,
        -- due once it was with the carrier for the days that are allowed
        coalesce(
            order_lines.shipped_date
            <= {{ days_before(as_of_date(), 'allowances.invoice_days') }},
            false
        ) as is_invoice_due,
        coalesce(order_lines.cancelled_date, order_lines.order_date)
        > {{ days_before(as_of_date(), 'allowances.invoice_days') }} as is_cancelled_lately,
        coalesce(
            returned.refunded_date > {{ days_before(as_of_date(), 'allowances.invoice_days') }},
            false
        ) as is_returned_lately
    from {{ ref('fct_order_lines') }} as order_lines
    cross join allowances
    left join {{ ref('int_returns_refunded') }} as returned
        on
            order_lines.order_id = returned.order_id
            and order_lines.order_line_id = returned.order_line_id
    where {{ is_stale('order_lines.order_date') }}

),

by_vendor as (

    select
        order_id,
        vendor_id,
        count(*) as line_count,
        sum(gmv) as goods,
        sum(gmv - gmv_standing) as goods_cancelled,
        sum(returned_amount) as goods_returned,
        coalesce(sum(gmv_standing - returned_amount) filter (where not is_invoice_due), 0)
            as goods_not_due,
        coalesce(sum(gmv - gmv_standing) filter (where is_cancelled_lately), 0)
        + coalesce(sum(returned_amount) filter (where is_returned_lately), 0)
            as goods_reversed_lately,
        sum(shipping_amount) as line_shipping,
        coalesce(sum(shipping_amount) filter (where not is_in_gmv_net), 0) as shipping_cancelled,
        max(case when not is_in_gmv_net then cancelled_date end) as cancelled_date
    from order_lines
    group by order_id, vendor_id

),

orders as (

    select
        orders.order_id,
        orders.order_date,
        orders.original_currency_code as currency_code,
        orders.original_shipping_amount as shipping_amount,
        orders.is_cancelled,
        orders.order_date > {{ days_before(as_of_date(), 'allowances.payment_days') }}
            as is_payment_young,
        {{ days_before(as_of_date(), 'allowances.refund_days') }} as refund_horizon
    from {{ ref('int_orders_resolved') }} as orders
    cross join allowances
    where {{ is_stale('orders.order_date') }}

),

totals as (

    select
        order_id,
        sum(goods) as order_goods,
        count(*) as vendor_count
    from by_vendor
    group by order_id

),

{# An order without lines has no vendor: its row has none either. #}
joined as (

    select
        orders.order_id,
        by_vendor.vendor_id,
        orders.currency_code,
        orders.order_date,
        orders.is_payment_young,
        coalesce(by_vendor.cancelled_date, orders.order_date) > orders.refund_horizon
            as is_refund_young,
        coalesce(by_vendor.line_count, 1) as line_count,
        coalesce(by_vendor.goods, 0) as goods,
        coalesce(by_vendor.goods_cancelled, 0) as goods_cancelled,
        coalesce(by_vendor.goods_returned, 0) as goods_returned,
        coalesce(by_vendor.goods_not_due, 0) as goods_not_due,
        coalesce(by_vendor.goods_reversed_lately, 0) as goods_reversed_lately,
        coalesce(by_vendor.line_shipping, 0) as line_shipping,
        coalesce(by_vendor.shipping_cancelled, 0) as line_shipping_cancelled,
        orders.shipping_amount as order_shipping,
        orders.is_cancelled,
        coalesce(totals.order_goods, 0) as order_goods,
        coalesce(totals.vendor_count, 1) as vendor_count,
        case
            when coalesce(totals.order_goods, 0) > 0 then by_vendor.goods
            else 1
        end as goods_weight
    from orders
    left join by_vendor
        on orders.order_id = by_vendor.order_id
    left join totals
        on orders.order_id = totals.order_id

),

accumulated as (

    select
        *,
        sum(goods_weight) over (partition by order_id) as goods_weight_total,
        sum(line_shipping) over (partition by order_id) as line_shipping_total,
        sum(goods_weight) over (
            partition by order_id
            order by vendor_id nulls last
            rows between unbounded preceding and current row
        ) as goods_weight_until
    from joined

),

{# Shipping that is charged on the order itself goes by the vendors' goods. #}
shipped as (

    select
        *,
        line_shipping + {{ allocated(
            'order_shipping', 'goods_weight', 'goods_weight_until', 'goods_weight_total'
        ) }} as shipping,
        case
            when is_cancelled or goods_cancelled = goods and goods > 0 then {{ allocated(
                'order_shipping', 'goods_weight', 'goods_weight_until', 'goods_weight_total'
            ) }}
            else 0
        end + line_shipping_cancelled as shipping_cancelled
    from accumulated

),

split as (

    select
        *,
        goods + shipping as owed,
        goods_cancelled + shipping_cancelled as owed_cancelled
    from shipped

),

summed as (

    select
        *
        {%- for kind in weights %}
            ,
            sum({{ kind }} - {{ kind }}_cancelled) over (partition by order_id)
                as {{ kind }}_standing_total,
            sum({{ kind }}_cancelled) over (partition by order_id)
                as {{ kind }}_cancelled_total
    
        {%- endfor %}
    from split

),

{# What stands bears an amount first, what was cancelled the rest; where nothing is charged at all,
   every vendor bears the same. #}
weighted as (

    select
        *
        {%- for kind in weights %}
            ,
            case
                when {{ kind }}_standing_total > 0 then {{ kind }} - {{ kind }}_cancelled
                else 1
            end as {{ kind }}_first_weight,
            case
                when {{ kind }}_cancelled_total > 0 then {{ kind }}_cancelled
                when {{ kind }}_standing_total > 0 then {{ kind }} - {{ kind }}_cancelled
                else 1
            end as {{ kind }}_rest_weight
    
        {%- endfor %},
        -- first what the order itself charges, by goods; then what the lines charge, by that
        order_shipping as shipping_standing_total,
        goods_weight as shipping_first_weight,
        case when line_shipping_total > 0 then line_shipping else goods_weight end
            as shipping_rest_weight
    from summed

)

select
    -- ids
    order_id,
    vendor_id,

    -- text
    currency_code,

    -- numbers
    line_count,
    {{ money('goods') }} as goods,
    {{ money('goods_cancelled') }} as goods_cancelled,
    {{ money('goods_returned') }} as goods_returned,
    {{ money('goods_not_due') }} as goods_not_due,
    {{ money('goods_reversed_lately') }} as goods_reversed_lately,
    {{ money('shipping') }} as shipping,
    {{ money('shipping_cancelled') }} as shipping_cancelled,
    {{ money('owed') }} as owed,
    {{ money('owed_cancelled') }} as owed_cancelled,
    {%- for kind in kinds %}
        {{ money(kind ~ '_standing_total') }} as {{ kind }}_standing_total,
        {%- for turn in ['first', 'rest'] %}
            {{ kind }}_{{ turn }}_weight,
            sum({{ kind }}_{{ turn }}_weight) over (partition by order_id)
                as {{ kind }}_{{ turn }}_total,
            sum({{ kind }}_{{ turn }}_weight) over (
                partition by order_id
                order by vendor_id nulls last
                rows between unbounded preceding and current row
            ) as {{ kind }}_{{ turn }}_until,
        {%- endfor %}
    {%- endfor %}

    -- booleans
    is_payment_young,
    is_refund_young,

    -- dates
    order_date
from weighted
