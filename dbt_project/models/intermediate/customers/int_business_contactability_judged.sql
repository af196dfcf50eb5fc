{# Vendors are written to about their contract while it lasts, leads about what they asked for until
   it has ended (GDPR, article 6(1)(b)). No consent is recorded of either, so nothing else is
   allowed. #}
with vendors as (

    select
        'vendor' as subject_kind,
        vendor_id as subject_id,
        'vendor_contract' as purpose,
        'contract' as basis_id,
        case when status in ('active', 'suspended') then 'granted' else 'ended' end
            as consent_state,
        has_email,
        has_phone,
        joined_at as stated_at
    from {{ ref('stg_vendor_portal__vendors') }}

),

leads as (

    select
        'lead' as subject_kind,
        lead_id as subject_id,
        'lead_enquiry' as purpose,
        enquiry_id as basis_id,
        case
            when last_enquiry_at is null then 'never_asked'
            when is_open then 'granted'
            else 'ended'
        end as consent_state,
        has_email,
        has_phone,
        last_enquiry_at as stated_at
    from {{ ref('int_leads_followed') }}

),

subjects as (

    select * from vendors
    union all
    select * from leads

),

addressed as (

    select
        subjects.*,
        ways.channel,
        case
            when ways.channel = 'email' then subjects.has_email else subjects.has_phone
        end as has_address
    from subjects
    cross join (values ('email'), ('phone')) as ways (channel)

)

select
    -- ids
    subject_id,
    basis_id,

    -- text
    subject_kind,
    purpose,
    channel,
    consent_state,

    -- booleans
    has_address,
    consent_state = 'granted' and has_address as is_contactable,

    -- timestamps
    stated_at
from addressed
