with customers as (

    select * from {{ ref('int_customers_merged') }}

),

orders as (

    select
        customer_id,
        count(*) as order_count,
        sum(gmv) as gmv,
        sum(gmv_net) as gmv_net,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from {{ ref('fct_orders') }}
    group by customer_id

)

select
    -- ids
    coalesce(customers.customer_id, orders.customer_id) as customer_id,

    -- text
    customers.customer_name,
    customers.customer_type,
    customers.city,
    customers.region,
    customers.country_code,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    coalesce(orders.order_count, 0) as order_count,
    {{ money('coalesce(orders.gmv, 0)') }} as gmv,
    {{ money('coalesce(orders.gmv_net, 0)') }} as gmv_net,

    -- booleans
    customers.customer_id is not null as is_registered,

    -- dates
    orders.first_order_date,
    orders.last_order_date,
    {{ as_of_date() }} as as_of_date
from customers
full outer join orders
    on customers.customer_id = orders.customer_id
