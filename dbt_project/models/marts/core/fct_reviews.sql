select
    -- ids
    review_id,
    order_id,
    vendor_id,

    -- numbers
    rating,

    -- dates
    created_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    answered_at
from {{ ref('int_reviews_dated') }}
