with customers as (

    select * from {{ ref('dim_customers') }}

),

scored as (

    select * from {{ ref('int_customers_scored') }}
    where segment_date = {{ as_of_date() }}

)

select
    -- ids
    customers.customer_id,

    -- text
    coalesce(scored.rfm_segment, 'unscored') as rfm_segment,
    coalesce(scored.abc_class, 'N') as abc_class,
    coalesce(scored.lifecycle_stage, 'prospect') as lifecycle_stage,
    customers.currency_code,

    -- numbers
    scored.recency_days,
    coalesce(scored.frequency, 0) as frequency,
    {{ money('coalesce(scored.monetary, 0)') }} as monetary,
    scored.r_score,
    scored.f_score,
    scored.m_score,
    scored.own_gap_days,

    -- dates
    scored.first_order_date as first_purchase_date,
    scored.last_order_date as last_purchase_date,
    {{ as_of_date() }} as as_of_date
from customers
left join scored
    on customers.customer_id = scored.customer_id
