{# Fewer than these say nothing about a habit. #}
{% set least_for_channel = 5 %}
{% set least_for_hour = 10 %}

with customers as (

    select * from {{ ref('int_customers_described') }}

),

orders as (

    select * from {{ ref('int_orders_summed_to_customer') }}

),

{# What the customer did: turned to us, or read what we sent. When it was read is not known here. #}
acts as (

    select
        customer_id,
        channel,
        kind,
        direction,
        {{ business_hour('occurred_at') }} as hour_of_day,
        occurred_at
    from {{ ref('mart_touchpoints') }}
    where
        customer_id is not null
        and (direction = 'inbound' or detail in ('opened', 'clicked'))

),

{# An order says how somebody buys, not how to reach them. #}
channels as (

    select
        customer_id,
        channel,
        sum(count(*)) over (partition by customer_id) as sample_count
    from acts
    where
        kind not in ('order', 'review', 'registration')
        and channel in ('email', 'phone', 'sms', 'push', 'post', 'chat', 'portal')
    group by customer_id, channel
    qualify row_number() over (
        partition by customer_id
        order by count(*) desc, max(occurred_at) desc, channel asc nulls last
    ) = 1

),

hours as (

    select
        customer_id,
        hour_of_day,
        sum(count(*)) over (partition by customer_id) as sample_count
    from acts
    where direction = 'inbound'
    group by customer_id, hour_of_day
    qualify row_number() over (
        partition by customer_id
        order by count(*) desc, max(occurred_at) desc, hour_of_day asc nulls last
    ) = 1

)

select
    -- ids
    coalesce(customers.customer_id, orders.customer_id) as customer_id,
    customers.account_id,

    -- text
    customers.customer_name,
    customers.name_source,
    customers.customer_type,
    customers.city,
    customers.region,
    customers.country_code,
    customers.country_source,
    customers.language_code,
    customers.language_source,
    customers.stated_channel,
    case when channels.sample_count >= {{ least_for_channel }} then channels.channel end
        as preferred_channel,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    coalesce(customers.contact_count, 0) as contact_count,
    coalesce(orders.order_count, 0) as order_count,
    {{ money('coalesce(orders.gmv, 0)') }} as gmv,
    {{ money('coalesce(orders.gmv_net, 0)') }} as gmv_net,
    cast(coalesce(channels.sample_count, 0) as bigint) as channel_sample_count,
    case when hours.sample_count >= {{ least_for_hour }} then hours.hour_of_day end
        as preferred_hour,
    cast(coalesce(hours.sample_count, 0) as bigint) as hour_sample_count,

    -- booleans
    customers.customer_id is not null as is_registered,

    -- dates
    orders.first_order_date,
    orders.last_order_date,
    {{ as_of_date() }} as as_of_date
from customers
full outer join orders
    on customers.customer_id = orders.customer_id
left join channels
    on coalesce(customers.customer_id, orders.customer_id) = channels.customer_id
left join hours
    on coalesce(customers.customer_id, orders.customer_id) = hours.customer_id
