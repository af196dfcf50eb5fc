with customers as (

    select * from {{ ref('int_customer_attributes') }}

)

select
    -- ids
    customer_id,
    root_account_id,

    -- text
    customer_type,
    country_code,
    region,
    gender,
    age_band,
    industry,
    size_class,
    employee_band,
    account_country_code,
    first_touch_channel,
    first_touch_device,
    last_channel,
    rfm_segment,
    lifecycle_stage,
    abc_class,
    value_status,

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
    r_score,
    f_score,
    m_score,
    p_alive,
    expected_orders_12m,
    clv_12m,

    -- booleans
    is_registered,
    is_in_group,

    -- dates
    first_order_date,
    last_order_date,
    next_birthday_date,
    as_of_date
from customers
