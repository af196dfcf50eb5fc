select
    -- ids
    customer_id,

    -- numbers
    count(*) as order_count,
    sum(gmv) as gmv,
    sum(gmv_net) as gmv_net,
    {{ average_money('sum(gmv_net)', 'count(*) filter (where is_in_gmv_net)') }}
        as average_order_value,

    -- dates
    min(order_date) as first_order_date,
    max(order_date) as last_order_date
from {{ ref('fct_orders') }}
group by customer_id
