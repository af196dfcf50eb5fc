{# Who bought in a month, and whether for the first time in their life. #}
with months as (

    select
        customer_id,
        cast(date_trunc('month', order_date) as date) as order_month,
        count(*) as purchase_count,
        sum(net_sales) as net_sales
    from {{ ref('int_customer_purchase_days') }}
    group by customer_id, cast(date_trunc('month', order_date) as date)

)

select
    -- ids
    customer_id,

    -- text
    case
        when order_month = min(order_month) over (partition by customer_id) then 'new'
        else 'existing'
    end as customer_group,

    -- numbers
    purchase_count,
    {{ money('net_sales') }} as net_sales,

    -- dates
    order_month
from months
