select
    -- ids
    quote_id,
    vendor_id,
    order_id,

    -- text
    quote_stage,
    '{{ var("currency_code") }}' as currency_code,
    original_currency_code,

    -- numbers
    {{ money('amount') }} as amount,
    {{ money('original_amount') }} as original_amount,
    hours_to_offer,

    -- dates
    requested_date,
    valid_until,
    closed_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    requested_at,
    sent_at,
    decided_at
from {{ ref('int_quotes_followed') }}
