{# A lead that wrote or filled in a form asked to be answered; the others only looked. What came of
   it, a vendor, a buyer or nothing, ends that. #}
with events as (

    select *
    from {{ ref('stg_crm__lead_events') }}
    where {{ business_date('occurred_at') }} <= {{ as_of_date() }}

),

summed as (

    select
        lead_id,
        max(occurred_at) as last_event_at,
        max(case when event_type in ('form_submitted', 'replied') then occurred_at end)
            as last_enquiry_at,
        max(case when event_type = 'contacted' then occurred_at end) as last_contact_at,
        max(case when event_type in ('converted', 'lost') then occurred_at end) as ended_at,
        count(case when event_type = 'contacted' then 1 end) as contact_count
    from events
    group by lead_id

),

latest as (

    select
        lead_id,
        event_type
    from events
    qualify row_number() over (
        partition by lead_id order by occurred_at desc nulls last, lead_event_id desc nulls last
    ) = 1

),

enquiries as (

    select
        lead_id,
        lead_event_id
    from events
    where event_type in ('form_submitted', 'replied')
    qualify row_number() over (
        partition by lead_id order by occurred_at desc nulls last, lead_event_id desc nulls last
    ) = 1

),

scores as (

    select
        lead_id,
        score
    from events
    where score is not null
    qualify row_number() over (
        partition by lead_id order by occurred_at desc nulls last, lead_event_id desc nulls last
    ) = 1

)

select
    -- ids
    leads.lead_id,
    enquiries.lead_event_id as enquiry_id,

    -- text
    leads.lead_kind,
    leads.origin,
    leads.status,
    latest.event_type as last_event_type,

    -- numbers
    scores.score,
    coalesce(summed.contact_count, 0) as contact_count,

    -- booleans
    leads.has_email,
    leads.has_phone,
    summed.ended_at is null
    or coalesce(summed.last_enquiry_at > summed.ended_at, false) as is_open,

    -- timestamps
    leads.created_at,
    summed.last_event_at,
    summed.last_enquiry_at,
    summed.last_contact_at,
    summed.ended_at
from {{ ref('stg_crm__leads') }} as leads
left join summed
    on leads.lead_id = summed.lead_id
left join latest
    on leads.lead_id = latest.lead_id
left join enquiries
    on leads.lead_id = enquiries.lead_id
left join scores
    on leads.lead_id = scores.lead_id
where {{ business_date('leads.created_at') }} <= {{ as_of_date() }}
