{# Segments of the models and segments of rules; who is no customer, vendor or lead any more is in
   none. #}
with subjects as (

    select
        'customer' as subject_kind,
        customer_id as subject_id
    from {{ ref('int_customer_attributes') }}
    union all
    select
        'vendor' as subject_kind,
        vendor_id as subject_id
    from {{ ref('int_vendors_merged') }}
    union all
    select
        'lead' as subject_kind,
        lead_id as subject_id
    from {{ ref('int_leads_followed') }}

)

select
    'customer' as subject_kind,
    customer_id as subject_id,
    segment_id,
    segment_kind,
    false as is_holdout,
    valid_from,
    valid_to
from {{ ref('int_segments_spanned') }}
union all
select
    members.subject_kind,
    members.subject_id,
    members.segment_id,
    'rule' as segment_kind,
    members.is_holdout,
    members.valid_from,
    members.valid_to
from {{ ref('stg_kontor__segment_members') }} as members
inner join subjects
    on
        members.subject_kind = subjects.subject_kind
        and members.subject_id = subjects.subject_id
