with histories as (

    select * from {{ ref('int_customer_histories_spined') }}
    where cutoff_date = {{ as_of_end_date() }}

),

predicted as (

    select * from {{ source('predictions', 'customer_values') }}

)

select
    -- ids
    histories.customer_id,

    -- text
    histories.segment,
    predicted.status,
    predicted.model,
    predicted.model_version,
    predicted.value_base,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    histories.frequency,
    histories.recency as recency_days,
    histories.age as age_days,
    histories.historic_value,
    histories.historic_margin,
    predicted.spend_correlation,
    predicted.p_alive,
    predicted.expected_orders_3m,
    predicted.expected_orders_6m,
    predicted.expected_orders_12m,
    predicted.expected_orders_12m_lower,
    predicted.expected_orders_12m_upper,
    {{ money(rounded('predicted.expected_value')) }} as expected_order_value,
    {{ money(rounded('predicted.clv_12m')) }} as clv_12m,
    {{ money(rounded('predicted.clv_12m_lower')) }} as clv_12m_lower,
    {{ money(rounded('predicted.clv_12m_upper')) }} as clv_12m_upper,

    -- dates
    histories.first_purchase_date,
    histories.last_purchase_date,
    {{ as_of_date() }} as as_of_date
from histories
left join predicted
    on histories.customer_id = predicted.customer_id
