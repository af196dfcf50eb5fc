select
    -- ids
    contacts.contact_id,
    contacts.account_id,
    coalesce(contacts.customer_id, companies.customer_id) as customer_id,

    -- text
    contacts.contact_name,
    contacts.contact_role,
    contacts.language_code,
    contacts.preferred_channel,
    contacts.email_hash,

    -- booleans
    contacts.has_email,
    contacts.has_phone,

    -- dates
    {{ business_date('contacts.created_at') }} as created_date
from {{ ref('stg_crm__contacts') }} as contacts
left join {{ ref('stg_crm__accounts') }} as companies
    on contacts.account_id = companies.account_id
