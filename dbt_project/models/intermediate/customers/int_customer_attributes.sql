with customers as (

    select * from {{ ref('int_customers_merged') }}

),

orders as (

    select * from {{ ref('int_orders_summed_to_customer') }}

),

last_orders as (

    select
        customer_id,
        channel as last_channel
    from {{ ref('fct_orders') }}
    qualify row_number() over (
        partition by customer_id
        order by ordered_at desc nulls last, order_id desc
    ) = 1

),

order_lines as (

    select
        customer_id,
        count(distinct vendor_id) as vendor_count,
        count(distinct category_id) as category_count,
        count(distinct product_id) as product_count,
        {{ ratio('count(*) filter (where discount_amount > 0)', 'count(*)') }}
            as discounted_share,
        {{ ratio('count(*) filter (where returned_quantity > 0)', 'count(*)') }}
            as returned_share
    from {{ ref('fct_order_lines') }}
    group by customer_id

),

traits as (

    select * from {{ ref('int_customer_traits_consented') }}

),

first_touches as (

    select * from {{ ref('int_first_touches_found') }}

),

scored as (

    select * from {{ ref('int_customers_scored') }}
    where segment_date = {{ as_of_date() }}

)

select
    -- ids
    coalesce(customers.customer_id, orders.customer_id) as customer_id,

    -- text
    customers.customer_type,
    customers.country_code,
    customers.region,
    traits.gender,
    traits.age_band,
    first_touches.first_touch_channel,
    first_touches.first_touch_device,
    last_orders.last_channel,
    coalesce(scored.rfm_segment, 'unscored') as rfm_segment,
    coalesce(scored.lifecycle_stage, 'prospect') as lifecycle_stage,
    coalesce(scored.abc_class, 'N') as abc_class,

    -- numbers
    coalesce(orders.order_count, 0) as order_count,
    {{ money('coalesce(orders.gmv, 0)') }} as gmv,
    {{ money('coalesce(orders.gmv_net, 0)') }} as gmv_net,
    orders.average_order_value,
    {{ days_between('orders.last_order_date', as_of_date()) }} as recency_days,
    {{ days_between('orders.first_order_date', as_of_date()) }} as age_days,
    coalesce(order_lines.vendor_count, 0) as vendor_count,
    coalesce(order_lines.category_count, 0) as category_count,
    coalesce(order_lines.product_count, 0) as product_count,
    order_lines.discounted_share,
    order_lines.returned_share,
    scored.r_score,
    scored.f_score,
    scored.m_score,

    -- booleans
    customers.customer_id is not null as is_registered,

    -- dates
    orders.first_order_date,
    orders.last_order_date,
    traits.next_birthday_date,
    {{ as_of_date() }} as as_of_date
from customers
full outer join orders
    on customers.customer_id = orders.customer_id
left join last_orders
    on orders.customer_id = last_orders.customer_id
left join order_lines
    on orders.customer_id = order_lines.customer_id
left join traits
    on customers.customer_id = traits.customer_id
left join first_touches
    on coalesce(customers.customer_id, orders.customer_id) = first_touches.customer_id
left join scored
    on orders.customer_id = scored.customer_id
