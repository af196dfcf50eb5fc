with order_lines as (

    select
        order_id,
        vendor_id,
        max(ordered_at) as ordered_at,
        max(order_date) as order_date,
        max(channel) as channel,
        max(currency_code) as currency_code,
        max(original_currency_code) as original_currency_code,
        -- calculated comes before stated
        min(ship_by_basis) as ship_by_basis,
        min(status) as first_status,
        max(status) as last_status,
        count(*) as line_count,
        sum(quantity) as unit_count,
        sum(gmv) as gmv,
        sum(gmv_net) as gmv_net,
        sum(shipping_amount) as shipping_amount,
        sum(commission_amount) as commission_amount,
        sum(original_gmv) as original_gmv,
        bool_and(is_cancelled) as is_cancelled,
        min(ship_by_at) as ship_by_at,
        max(promised_at) as promised_at,
        case when count_if(is_in_gmv_net and shipped_at is null) = 0 then max(shipped_at) end
            as shipped_at,
        case when count_if(is_in_gmv_net and delivered_at is null) = 0 then max(delivered_at) end
            as delivered_at
    from {{ ref('fct_order_lines') }}
    where {{ is_stale('order_date') }}
    group by order_id, vendor_id

),

orders as (

    select
        order_id,
        status
    from {{ ref('int_orders_resolved') }}

)

select
    -- ids
    order_lines.order_id,
    order_lines.vendor_id,

    -- text: the order's status where the vendor's lines do not agree
    case
        when order_lines.first_status = order_lines.last_status then order_lines.first_status
        else orders.status
    end as status,
    order_lines.channel,
    order_lines.currency_code,
    order_lines.original_currency_code,
    order_lines.ship_by_basis,

    -- numbers
    order_lines.line_count,
    {{ units('order_lines.unit_count') }} as unit_count,
    {{ money('order_lines.gmv') }} as gmv,
    {{ money('order_lines.gmv_net') }} as gmv_net,
    {{ money('order_lines.shipping_amount') }} as shipping_amount,
    {{ money('order_lines.commission_amount') }} as commission_amount,
    {{ money('order_lines.original_gmv') }} as original_gmv,

    -- booleans
    order_lines.is_cancelled,
    order_lines.delivered_at > order_lines.promised_at as is_late,

    -- dates
    order_lines.order_date,

    -- timestamps: sent and delivered with the last line, when none is left open
    order_lines.ordered_at,
    order_lines.ship_by_at,
    order_lines.promised_at,
    order_lines.shipped_at,
    order_lines.delivered_at
from order_lines
inner join orders
    on order_lines.order_id = orders.order_id
