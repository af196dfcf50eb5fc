{{ config(materialized='table') }}

{# Default deny: what nobody stated is not allowed, and what was said of a vendor is of that one
   alone. Of the contacts of a company each speaks for itself, and the company can be reached by
   whoever may be written to. #}
with consents as (

    select * from {{ ref('int_consents_resolved') }}

),

people as (

    select
        customer_id,
        contact_id
    from {{ ref('int_contacts_resolved') }}
    where customer_id is not null
    union
    select
        customer_id,
        contact_id
    from consents
    where contact_id is not null

),

customers as (

    select * from {{ ref('int_customers_merged') }}

),

subjects as (

    select
        coalesce(customers.customer_id, people.customer_id) as customer_id,
        people.contact_id,
        case
            when people.contact_id is null then coalesce(customers.has_email, false)
            else coalesce(contacts.has_email, false)
        end as has_email,
        case
            when people.contact_id is null then coalesce(customers.has_phone, false)
            else coalesce(contacts.has_phone, false)
        end as has_phone,
        coalesce(customers.has_postal_code, false) as has_postal_code
    from customers
    full outer join people
        on customers.customer_id = people.customer_id
    left join {{ ref('int_contacts_resolved') }} as contacts
        on people.contact_id = contacts.contact_id

),

marketing as (

    select distinct purpose
    from consents
    where purpose = 'marketing'

),

{# What was ever asked in this marketplace; marketing is judged for each way of reaching people. #}
asked as (

    select distinct
        purpose,
        channel
    from consents
    where purpose <> 'marketing'
    union all
    select
        marketing.purpose,
        ways.channel
    from marketing
    cross join (
        values ('email'), ('phone'), ('post'), ('sms'), ('push'), ('ads')
    ) as ways (channel)

),

said as (

    select
        subjects.customer_id,
        subjects.contact_id,
        asked.purpose,
        asked.channel,
        consents.vendor_id,
        consents.consent_source,
        consents.text_version,
        consents.is_granted,
        consents.stated_at,
        max(case when consents.is_objection then consents.stated_at end)
            over statements as last_objection_at,
        max(case when consents.is_own_grant then consents.stated_at end)
            over statements as last_own_grant_at,
        row_number() over (
            partition by
                subjects.customer_id,
                subjects.contact_id,
                asked.purpose,
                asked.channel,
                consents.vendor_id
            order by
                consents.stated_at desc,
                consents.is_granted asc nulls last,
                consents.consent_source asc nulls last,
                consents.text_version desc nulls last
        ) as age_rank
    from consents
    inner join asked
        on
            consents.purpose = asked.purpose
            and (consents.channel = asked.channel or consents.channel = 'any')
    inner join subjects
        on
            consents.customer_id = subjects.customer_id
            and (consents.contact_id is null or consents.contact_id = subjects.contact_id)
    window
        statements as (
            partition by
                subjects.customer_id,
                subjects.contact_id,
                asked.purpose,
                asked.channel,
                consents.vendor_id
        )

),

{# Of everybody what was said to us, and of whoever named a vendor what was said of that one. #}
meant as (

    select
        subjects.customer_id,
        subjects.contact_id,
        asked.purpose,
        asked.channel,
        cast(null as string) as vendor_id
    from subjects
    cross join asked
    union all
    select
        customer_id,
        contact_id,
        purpose,
        channel,
        vendor_id
    from said
    where age_rank = 1 and vendor_id is not null

),

bounces as (

    select
        customer_id,
        contact_id,
        channel
    from {{ ref('int_messages_bounced') }}

),

judged as (

    select
        subjects.customer_id,
        subjects.contact_id,
        meant.purpose,
        meant.channel,
        meant.vendor_id,
        said.consent_source,
        said.text_version,
        said.stated_at,
        case
            when said.stated_at is null then 'never_asked'
            when
                said.last_objection_at is not null
                and coalesce(said.last_own_grant_at <= said.last_objection_at, true)
                then 'suppressed'
            when said.is_granted then 'granted'
            else 'refused'
        end as consent_state,
        case
            when meant.channel = 'email' then subjects.has_email
            when meant.channel in ('phone', 'sms') then subjects.has_phone
            when meant.channel = 'post' then subjects.has_postal_code
            when meant.channel = 'push' then false
            else subjects.has_email or subjects.has_phone
        end as has_address,
        bounces.channel is not null as is_bounced
    from meant
    inner join subjects
        on
            meant.customer_id = subjects.customer_id
            and coalesce(meant.contact_id, '') = coalesce(subjects.contact_id, '')
    left join said
        on
            meant.customer_id = said.customer_id
            and coalesce(meant.contact_id, '') = coalesce(said.contact_id, '')
            and meant.purpose = said.purpose
            and meant.channel = said.channel
            and coalesce(meant.vendor_id, '') = coalesce(said.vendor_id, '')
            and said.age_rank = 1
    left join bounces
        on
            subjects.customer_id = bounces.customer_id
            and coalesce(subjects.contact_id, '') = coalesce(bounces.contact_id, '')
            and meant.channel = bounces.channel

)

select
    -- ids
    customer_id,
    contact_id,
    vendor_id,

    -- text
    purpose,
    channel,
    consent_state,
    consent_source,
    text_version,

    -- booleans
    has_address,
    is_bounced,
    consent_state = 'granted' and has_address and not is_bounced as is_contactable,

    -- timestamps
    stated_at
from judged
