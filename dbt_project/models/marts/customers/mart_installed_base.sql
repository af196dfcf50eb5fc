select
    -- ids
    registration_id,
    customer_id,
    account_id,
    product_id,
    successor_product_id,

    -- text
    product_name,
    category_name,
    age_band,
    warranty_state,

    -- numbers
    age_days,

    -- dates
    purchased_date,
    registered_date,
    warranty_end_date,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_registrations_aged') }}
