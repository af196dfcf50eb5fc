{# Several records may be one customer: the latest record speaks, the id makes the order total. #}
select
    -- ids
    customer_id,
    acquisition_campaign_id,

    -- text
    customer_type,
    customer_name,
    city,
    region,
    country_code,
    language_code,
    gender,
    email_hash,

    -- booleans
    has_email,
    has_phone,
    has_postal_code,

    -- dates
    birth_date
from {{ ref('stg_shop__customers') }}
qualify row_number() over (
    partition by customer_id
    order by coalesce(updated_at, created_at) desc nulls last, customer_record_id desc
) = 1
