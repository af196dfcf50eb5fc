select
    -- ids
    vendor_id,
    category_id,

    -- text
    vendor_name,
    vendor_type,
    status,
    city,
    region,
    country_code,
    category_name,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    order_count,
    {{ money('gmv') }} as gmv,

    -- booleans
    is_registered,

    -- dates
    joined_date,
    first_order_date,
    last_order_date,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_vendors_merged') }}
