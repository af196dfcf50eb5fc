{# Who said what: statements of the CRM, and what a message made its reader do. A statement of the
   customer speaks for each of its contacts, that of a contact for this contact alone. #}
with contacts as (

    select
        contact_id,
        customer_id
    from {{ ref('int_contacts_resolved') }}

),

stated as (

    select
        customer_id,
        contact_id,
        vendor_id,
        purpose,
        channel,
        consent_source,
        text_version,
        is_granted,
        stated_at
    from {{ ref('stg_crm__consents') }}
    union all
    select
        customer_id,
        contact_id,
        cast(null as string) as vendor_id,
        'marketing' as purpose,
        channel,
        'message' as consent_source,
        cast(null as string) as text_version,
        false as is_granted,
        coalesce(unsubscribed_at, sent_at) as stated_at
    from {{ ref('stg_marketing__messages') }}
    where
        direction = 'outbound'
        and (unsubscribed_at is not null or status = 'complained')

)

select
    -- ids
    coalesce(stated.customer_id, contacts.customer_id) as customer_id,
    stated.contact_id,
    stated.vendor_id,

    -- text
    stated.purpose,
    stated.channel,
    stated.consent_source,
    stated.text_version,

    -- booleans: an objection holds until the person allows it again; a list that is imported does
    -- not lift it
    stated.is_granted,
    not stated.is_granted
    and stated.consent_source in ('unsubscribe_link', 'complaint', 'message') as is_objection,
    stated.is_granted and stated.consent_source <> 'import' as is_own_grant,

    -- timestamps
    stated.stated_at
from stated
left join contacts
    on stated.contact_id = contacts.contact_id
where
    {{ business_date('stated.stated_at') }} < {{ as_of_end_date() }}
    and coalesce(stated.customer_id, contacts.customer_id) is not null
