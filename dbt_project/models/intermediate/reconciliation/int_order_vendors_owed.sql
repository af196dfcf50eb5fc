{{ config(materialized='incremental', partition_by=['order_date']) }}

{#- What an amount of a whole order is shared out by: invoices by goods, payments by what is owed,
    refunds by what is due back. Shipping and tax go the way the shop's own do. -#}
{%- set weights = ['goods', 'owed'] %}
{%- set kinds = ['goods', 'owed', 'taxed', 'shipping', 'back'] %}

with allowances as (

    select
        max(case when source = 'erp' then days_allowed end) as invoice_days,
        max(case when measure = 'payments' then days_allowed end) as payment_days,
        max(case when measure = 'refunds' and source = 'accounting' then days_allowed end)
            as refund_days
    from {{ ref('reconciliation_registry') }}

),

line_taxes as (

    select
        order_id,
        sum(original_tax_amount) as stated_tax,
        coalesce(
            sum(original_gmv + original_shipping_amount) filter (where original_tax_amount is null),
            0
        ) as untaxed
    from {{ ref('fct_order_lines') }}
    where {{ is_stale('order_date') }}
    group by order_id

),

{# The rest of an order's tax is on what the order itself charges, and on lines that state none. #}
orders as (

    select
        orders.order_id,
        orders.order_date,
        orders.original_currency_code as currency_code,
        orders.original_shipping_amount as shipping_amount,
        coalesce(orders.original_discount_amount, 0) as discount_amount,
        coalesce(orders.original_tax_amount, line_taxes.stated_tax) is not null as is_tax_stated,
        coalesce(line_taxes.untaxed, 0) = 0 as is_taxed_by_line,
        coalesce(orders.original_tax_amount, line_taxes.stated_tax, 0)
        - coalesce(line_taxes.stated_tax, 0) as rest_tax,
        coalesce(line_taxes.untaxed, 0)
        + orders.original_shipping_amount
        - coalesce(orders.original_discount_amount, 0) as rest_base,
        orders.is_cancelled,
        orders.order_date > {{ days_before(as_of_date(), 'allowances.payment_days') }}
            as is_payment_young,
        {{ days_before(as_of_date(), 'allowances.refund_days') }} as refund_horizon
    from {{ ref('int_orders_resolved') }} as orders
    cross join allowances
    left join line_taxes
        on orders.order_id = line_taxes.order_id
    where {{ is_stale('orders.order_date') }}

),

rated as (

    select
        *,
        case when rest_base > 0 then {{ ratio('rest_tax', 'rest_base') }} else 0 end as rest_rate
    from orders

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
        coalesce(order_lines.original_tax_amount, 0) as tax_amount,
        case
            when order_lines.original_tax_amount is null
                then order_lines.original_gmv + order_lines.original_shipping_amount
            else 0
        end as untaxed,
        case
            when order_lines.original_tax_amount is null then rated.rest_rate
            else coalesce(
                {{ ratio(
                    'order_lines.original_tax_amount',
                    '(order_lines.original_gmv + order_lines.original_shipping_amount)'
                ) }},
                0
            )
        end as tax_rate,
        order_lines.is_in_gmv_net,
        coalesce(returned.returned_amount, 0) as returned_amount,
        coalesce(returned.refund_amount, 0) as refund_amount,
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
    inner join rated
        on order_lines.order_id = rated.order_id
    cross join allowances
    left join {{ ref('int_returns_refunded') }} as returned
        on
            order_lines.order_id = returned.order_id
            and order_lines.order_line_id = returned.order_line_id
    where {{ is_stale('order_lines.order_date') }}

),

parted as (

    select
        *,
        gmv - gmv_standing as cancelled_amount,
        case when is_invoice_due then 0 else gmv_standing - returned_amount end as not_due_amount,
        case when is_cancelled_lately then gmv - gmv_standing else 0 end
        + case when is_returned_lately then returned_amount else 0 end as reversed_lately_amount
    from order_lines

),

by_vendor as (

    select
        order_id,
        vendor_id,
        count(*) as line_count,
        sum(gmv) as goods,
        sum(cancelled_amount) as goods_cancelled,
        sum(returned_amount) as goods_returned,
        sum(refund_amount) as paid_back,
        sum(not_due_amount) as goods_not_due,
        sum(reversed_lately_amount) as goods_reversed_lately,
        sum(tax_amount) as line_tax,
        sum(untaxed) as untaxed,
        {%- for part in ['cancelled', 'returned', 'not_due', 'reversed_lately'] %}
            {{ rounded('sum(' ~ part ~ '_amount * tax_rate)') }} as tax_{{ part }},
        {%- endfor %}
        sum(shipping_amount * tax_rate) as line_shipping_tax,
        coalesce(sum(shipping_amount * tax_rate) filter (where not is_in_gmv_net), 0)
            as line_shipping_tax_cancelled,
        sum(shipping_amount) as line_shipping,
        coalesce(sum(shipping_amount) filter (where not is_in_gmv_net), 0) as shipping_cancelled,
        max(case when not is_in_gmv_net then cancelled_date end) as cancelled_date
    from parted
    group by order_id, vendor_id

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
        orders.is_tax_stated,
        -- whose tax it is is known where the lines say so, or where there is one vendor
        orders.is_tax_stated
        and (orders.is_taxed_by_line or coalesce(totals.vendor_count, 1) = 1) as is_tax_known,
        orders.discount_amount as order_discount,
        orders.rest_tax,
        orders.rest_base,
        orders.rest_rate,
        coalesce(by_vendor.line_count, 1) as line_count,
        coalesce(by_vendor.goods, 0) as goods,
        coalesce(by_vendor.goods_cancelled, 0) as goods_cancelled,
        coalesce(by_vendor.goods_returned, 0) as goods_returned,
        coalesce(by_vendor.goods_not_due, 0) as goods_not_due,
        coalesce(by_vendor.goods_reversed_lately, 0) as goods_reversed_lately,
        coalesce(by_vendor.paid_back, 0) as paid_back,
        coalesce(by_vendor.line_tax, 0) as line_tax,
        coalesce(by_vendor.untaxed, 0) as untaxed,
        {%- for part in ['cancelled', 'returned', 'not_due', 'reversed_lately'] %}
            coalesce(by_vendor.tax_{{ part }}, 0) as tax_{{ part }},
        {%- endfor %}
        coalesce(by_vendor.line_shipping_tax, 0) as line_shipping_tax,
        coalesce(by_vendor.line_shipping_tax_cancelled, 0) as line_shipping_tax_cancelled,
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
    from rated as orders
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

{# Shipping and discount of the order itself go by the vendors' goods. #}
shared as (

    select
        *,
        {{ allocated(
            'order_shipping', 'goods_weight', 'goods_weight_until', 'goods_weight_total'
        ) }} as shared_shipping,
        {{ allocated(
            'order_discount', 'goods_weight', 'goods_weight_until', 'goods_weight_total'
        ) }} as discount,
        is_cancelled or goods_cancelled = goods and goods > 0 as is_cancelled_whole
    from accumulated

),

weighed as (

    select
        *,
        case
            when rest_base > 0 then untaxed + shared_shipping - discount
            else goods_weight
        end as rest_weight
    from shared

),

taxed as (

    select
        *,
        line_shipping + shared_shipping as shipping,
        line_shipping_cancelled + case when is_cancelled_whole then shared_shipping else 0 end
            as shipping_cancelled,
        case
            when is_cancelled_whole then discount
            else coalesce(
                {{ average_money('discount * goods_cancelled', 'goods') }}, {{ money('0') }}
            )
        end as discount_cancelled,
        {{ rounded('line_shipping_tax + shared_shipping * rest_rate') }} as shipping_tax,
        {{ rounded(
            'line_shipping_tax_cancelled'
            ~ ' + case when is_cancelled_whole then shared_shipping * rest_rate else 0 end'
        ) }} as shipping_tax_cancelled,
        sum(rest_weight) over (partition by order_id) as rest_weight_total,
        sum(rest_weight) over (
            partition by order_id
            order by vendor_id nulls last
            rows between unbounded preceding and current row
        ) as rest_weight_until
    from weighed

),

charged as (

    select
        *,
        line_tax + {{ allocated(
            'rest_tax', 'rest_weight', 'rest_weight_until', 'rest_weight_total'
        ) }} as tax
    from taxed

),

split as (

    select
        *,
        goods - discount + shipping + tax as owed,
        case
            when is_cancelled_whole then goods - discount + shipping + tax
            else
                goods_cancelled - discount_cancelled + shipping_cancelled
                + tax_cancelled + shipping_tax_cancelled
        end as owed_cancelled
    from charged

),

summed as (

    select
        *,
        sum(line_tax) over (partition by order_id) as line_tax_total,
        sum(paid_back + owed_cancelled) over (partition by order_id) as back_total,
        sum(owed) over (partition by order_id) as owed_total
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
            as shipping_rest_weight,
        -- the same of its tax, and of one that the shop does not state by what was owed
        rest_tax as taxed_standing_total,
        rest_weight as taxed_first_weight,
        case
            when line_tax_total > 0 then line_tax
            when owed_total > 0 then owed
            else 1
        end as taxed_rest_weight,
        -- first what is due back of returns and cancellations, then by what was owed
        back_total as back_standing_total,
        case when back_total > 0 then paid_back + owed_cancelled else 1 end as back_first_weight,
        case when owed_total > 0 then owed else 1 end as back_rest_weight
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
    {{ money('tax') }} as tax,
    {{ money(rounded('tax_cancelled')) }} as tax_cancelled,
    {{ money(rounded('tax_returned')) }} as tax_returned,
    {{ money(rounded('tax_not_due')) }} as tax_not_due,
    {{ money(rounded('tax_reversed_lately')) }} as tax_reversed_lately,
    {{ money(rounded('shipping_tax')) }} as shipping_tax,
    {{ money(rounded('shipping_tax_cancelled')) }} as shipping_tax_cancelled,
    {{ money('discount') }} as discount,
    coalesce({{ ratio('discount', 'goods') }}, 0) as discount_share,
    {{ money('paid_back') }} as paid_back,
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
    is_tax_stated,
    is_tax_known,

    -- dates
    order_date
from weighted
