{# Each vendor's buyers of the last 365 days, scored among themselves. #}
with orders as (

    -- a vendor's part of an order
    select
        vendor_id,
        customer_id,
        order_id,
        max(order_date) as order_date,
        coalesce(sum(gmv_net), 0) as net_sales
    from {{ ref('fct_order_lines') }}
    where is_in_gmv_net and order_date > {{ days_before(as_of_date(), 365) }}
    group by vendor_id, customer_id, order_id

),

summed as (

    select
        vendor_id,
        customer_id,
        count(*) as frequency,
        {{ money('sum(net_sales)') }} as monetary,
        max(order_date) as last_purchase_date
    from orders
    group by vendor_id, customer_id

),

measured as (

    select
        *,
        {{ days_between('last_purchase_date', as_of_date()) }} as recency_days
    from summed

),

scored as (

    select
        *,
        {{ rfm_score('recency_days', 'vendor_id') }} as r_score,
        {{ rfm_score('frequency', 'vendor_id') }} as f_score,
        {{ rfm_score('monetary', 'vendor_id') }} as m_score,
        count(*) over (partition by vendor_id) as buyer_count
    from measured

),

boxes as (

    select * from {{ ref('rfm_segments') }}

)

select
    -- ids
    scored.vendor_id,
    scored.customer_id,

    -- text
    boxes.rfm_segment,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    scored.recency_days,
    scored.frequency,
    scored.monetary,
    scored.r_score,
    scored.f_score,
    scored.m_score,
    scored.buyer_count,

    -- dates
    scored.last_purchase_date,
    {{ as_of_date() }} as as_of_date
from scored
left join boxes
    on
        scored.r_score between boxes.r_from and boxes.r_to
        and scored.f_score between boxes.f_from and boxes.f_to
        and scored.m_score between boxes.m_from and boxes.m_to
