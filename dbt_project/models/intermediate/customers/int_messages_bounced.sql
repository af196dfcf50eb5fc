{# An address counts as broken while the last message to it came back. #}
with sent as (

    select
        coalesce(messages.customer_id, contacts.customer_id) as customer_id,
        contacts.contact_id,
        messages.channel,
        messages.status,
        messages.sent_at,
        messages.message_id
    from {{ ref('stg_marketing__messages') }} as messages
    left join {{ ref('int_contacts_resolved') }} as contacts
        on messages.contact_id = contacts.contact_id
    where
        messages.direction = 'outbound'
        and messages.status in ('delivered', 'bounced', 'failed', 'complained')
        and {{ business_date('messages.sent_at') }} < {{ as_of_end_date() }}

),

last_sent as (

    select
        customer_id,
        contact_id,
        channel,
        status
    from sent
    where customer_id is not null
    qualify row_number() over (
        partition by customer_id, contact_id, channel order by sent_at desc, message_id desc
    ) = 1

)

select
    -- ids
    customer_id,
    contact_id,

    -- text
    channel
from last_sent
where status in ('bounced', 'failed')
