{# What buyers asked vendors about their orders. Patience ends after 72 hours; what a machine wrote
   is no answer. A question without its order cannot be held against what was bought afterwards. #}
with messages as (

    select
        *,
        min(case when direction = 'outbound' and not is_automatic then sent_at end) over (
            partition by conversation_id
            order by sent_at desc nulls last, message_id desc nulls last
            rows between unbounded preceding and current row
        ) as answered_at
    from {{ ref('stg_vendor_portal__vendor_messages') }}

)

select
    -- ids
    message_id,
    order_id,

    -- booleans
    coalesce({{ hours_between('sent_at', 'answered_at') }} > 72, true) as is_unanswered,

    -- dates
    {{ days_after(business_date('sent_at'), 3) }} as patience_end_date
from messages
where direction = 'inbound' and needs_answer and order_id is not null
