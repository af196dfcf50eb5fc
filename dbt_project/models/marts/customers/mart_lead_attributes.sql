select
    -- ids
    lead_id,

    -- text
    lead_kind,
    origin,
    status,
    last_event_type,

    -- numbers
    cast(score as bigint) as score,
    cast(contact_count as bigint) as contact_count,

    -- booleans
    is_open,

    -- dates
    {{ business_date('created_at') }} as created_date,
    {{ business_date('last_event_at') }} as last_event_date,
    {{ business_date('last_enquiry_at') }} as last_enquiry_date,
    {{ business_date('last_contact_at') }} as last_contact_date,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_leads_followed') }}
