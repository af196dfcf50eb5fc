{# Each vendor's buyers of the last 365 days, scored among themselves. #}
with buyers as (

    {{ buyers_scored(days_before(as_of_end_date(), 365), as_of_end_date()) }}

)

select
    -- ids
    vendor_id,
    customer_id,

    -- text
    rfm_segment,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    recency_days,
    frequency,
    monetary,
    r_score,
    f_score,
    m_score,
    buyer_count,

    -- dates
    last_purchase_date,
    {{ as_of_date() }} as as_of_date
from buyers
