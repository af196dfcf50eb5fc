with customers as (

    select * from {{ ref('int_customer_attributes') }}

),

{# Of several companies of one customer the one that dim_customers names. #}
companies as (

    select
        known_customers.customer_id,
        firms.root_account_id,
        firms.industry,
        firms.size_class,
        firms.employee_band,
        firms.country_code,
        firms.tree_state,
        firms.child_count
    from {{ ref('int_customers_described') }} as known_customers
    inner join {{ ref('dim_accounts') }} as firms
        on known_customers.account_id = firms.account_id

),

predicted as (

    select * from {{ ref('mart_customer_value') }}

)

select
    -- ids
    customers.customer_id,
    companies.root_account_id,

    -- text
    customers.customer_type,
    customers.country_code,
    customers.region,
    customers.gender,
    customers.age_band,
    companies.industry,
    companies.size_class,
    companies.employee_band,
    companies.country_code as account_country_code,
    customers.first_touch_channel,
    customers.first_touch_device,
    customers.last_channel,
    customers.rfm_segment,
    customers.lifecycle_stage,
    customers.abc_class,
    predicted.status as value_status,

    -- numbers
    customers.order_count,
    customers.gmv,
    customers.gmv_net,
    customers.average_order_value,
    customers.recency_days,
    customers.age_days,
    customers.vendor_count,
    customers.category_count,
    customers.product_count,
    customers.discounted_share,
    customers.returned_share,
    customers.r_score,
    customers.f_score,
    customers.m_score,
    predicted.p_alive,
    predicted.expected_orders_12m,
    predicted.clv_12m,

    -- booleans
    customers.is_registered,
    companies.tree_state = 'below' or companies.child_count > 0 as is_in_group,

    -- dates
    customers.first_order_date,
    customers.last_order_date,
    customers.next_birthday_date,
    customers.as_of_date
from customers
left join companies
    on customers.customer_id = companies.customer_id
left join predicted
    on customers.customer_id = predicted.customer_id
