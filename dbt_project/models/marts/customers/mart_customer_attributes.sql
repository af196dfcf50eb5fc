with customers as (

    select * from {{ ref('int_customer_attributes') }}

)

select
    -- ids
    customer_id,

    -- text
    customer_type,
    country_code,
    region,
    last_channel,

    -- numbers
    order_count,
    gmv,
    gmv_net,
    average_order_value,
    recency_days,
    age_days,
    vendor_count,
    category_count,
    product_count,
    discounted_share,
    returned_share,

    -- booleans
    is_registered,

    -- dates
    first_order_date,
    last_order_date,
    as_of_date
from customers
