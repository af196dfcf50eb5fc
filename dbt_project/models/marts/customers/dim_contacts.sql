select
    -- ids
    contact_id,
    account_id,
    customer_id,

    -- text
    contact_name,
    contact_role,
    language_code,
    preferred_channel,

    -- booleans
    has_email,
    has_phone,

    -- dates
    created_date,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_contacts_resolved') }}
