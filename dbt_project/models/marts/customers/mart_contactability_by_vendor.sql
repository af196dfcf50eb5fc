{# Of the contacts of a company the one that mart_contactability would choose. #}
with chosen as (

    select *
    from {{ ref('int_contactability_judged') }}
    where vendor_id is not null
    qualify row_number() over (
        partition by customer_id, vendor_id, purpose, channel
        order by
            is_contactable desc,
            consent_state = 'granted' desc,
            consent_state = 'suppressed' desc,
            stated_at desc nulls last,
            contact_id asc nulls last
    ) = 1

)

select
    -- ids
    customer_id,
    vendor_id,
    contact_id,

    -- text
    purpose,
    channel,
    consent_state,
    text_version,

    -- booleans
    has_address,
    is_bounced,
    is_contactable,

    -- dates
    {{ business_date('stated_at') }} as stated_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    stated_at
from chosen
