with judged as (

    select * from {{ ref('int_contactability_judged') }}
    where vendor_id is null or purpose = 'vendor_sharing'

),

counted as (

    select
        customer_id,
        purpose,
        channel,
        count(distinct coalesce(contact_id, customer_id)) as contact_count,
        count(distinct case when is_contactable then coalesce(contact_id, customer_id) end)
            as contactable_count,
        count(distinct case when consent_state = 'granted' then vendor_id end)
            as granted_vendor_count
    from judged
    group by customer_id, purpose, channel

),

{# Whom to write to: a contact who may be reached, and of several the one who said so last. #}
chosen as (

    select *
    from judged
    qualify row_number() over (
        partition by customer_id, purpose, channel
        order by
            is_contactable desc,
            consent_state = 'granted' desc,
            consent_state = 'suppressed' desc,
            consent_state = 'refused' desc,
            stated_at desc nulls last,
            contact_id asc nulls last,
            vendor_id asc nulls last
    ) = 1

)

select
    -- ids
    chosen.customer_id,
    chosen.contact_id,

    -- text
    chosen.purpose,
    chosen.channel,
    chosen.consent_state,
    chosen.consent_source,
    chosen.text_version,

    -- numbers
    counted.contact_count,
    counted.contactable_count,
    counted.granted_vendor_count,

    -- booleans
    chosen.has_address,
    chosen.is_bounced,
    chosen.is_contactable,

    -- dates
    {{ business_date('chosen.stated_at') }} as stated_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    chosen.stated_at
from chosen
inner join counted
    on
        chosen.customer_id = counted.customer_id
        and chosen.purpose = counted.purpose
        and chosen.channel = counted.channel
