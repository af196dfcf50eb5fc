with days as (

    -- from a spine of days, so that a day without orders is zero and not missing
    select order_date
    from {{ ref('int_days_spined') }}

),

orders as (

    select
        order_date,
        count(*) as order_count,
        count(distinct customer_id) as active_customers,
        count_if(is_cancelled) as cancelled_order_count,
        sum(unit_count) as unit_count,
        sum(gmv) as gmv,
        sum(gmv_net) as gmv_net,
        sum(shipping_amount) as shipping_amount,
        sum(commission_amount) as commission_amount,
        sum(paid_amount) as paid_amount
    from {{ ref('fct_orders') }}
    group by order_date

),

order_lines as (

    select
        order_date,
        count(distinct vendor_id) as active_vendors
    from {{ ref('fct_order_lines') }}
    group by order_date

)

select
    -- text
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    coalesce(orders.order_count, 0) as order_count,
    coalesce(orders.cancelled_order_count, 0) as cancelled_order_count,
    {{ units('coalesce(orders.unit_count, 0)') }} as unit_count,
    {{ money('coalesce(orders.gmv, 0)') }} as gmv,
    {{ money('coalesce(orders.gmv_net, 0)') }} as gmv_net,
    {{ money('coalesce(orders.shipping_amount, 0)') }} as shipping_amount,
    {{ money('case when orders.order_date is null then 0 else orders.commission_amount end') }}
        as commission_amount,
    {{ money('coalesce(orders.paid_amount, 0)') }} as paid_amount,
    coalesce(order_lines.active_vendors, 0) as active_vendors,
    coalesce(orders.active_customers, 0) as active_customers,

    -- dates
    days.order_date,
    {{ as_of_date() }} as as_of_date
from days
left join orders
    on days.order_date = orders.order_date
left join order_lines
    on days.order_date = order_lines.order_date
