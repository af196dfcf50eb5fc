{# What buyers complained of to or about a vendor, and why: tickets that are no mere questions, and
   returns with the reason that was chosen. Of one order there may be several, and all are kept. #}
with tickets as (

    select
        'ticket' as complaint_source,
        ticket_id as complaint_id,
        vendor_id,
        order_id,
        kind as complaint_kind,
        coalesce(topic, 'other') as reason_code,
        {{ business_date('opened_at') }} as complaint_date,
        {{ known_by('solved_at') }} is not null as is_solved
    from {{ ref('stg_helpdesk__tickets') }}
    where vendor_id is not null and kind in ('complaint', 'claim', 'chargeback')

),

sent_back as (

    select
        'return' as complaint_source,
        claims.return_id as complaint_id,
        order_lines.vendor_id,
        order_lines.order_id,
        'return' as complaint_kind,
        coalesce(claims.reason, 'not_stated') as reason_code,
        {{ business_date('coalesce(claims.requested_at, claims.received_at, claims.refunded_at)') }}
            as complaint_date,
        {{ known_by('claims.refunded_at') }} is not null as is_solved
    from {{ ref('stg_oms__returns') }} as claims
    left join {{ ref('int_returns_matched_to_order_line') }} as found_lines
        on claims.return_id = found_lines.return_id
    inner join {{ ref('fct_order_lines') }} as order_lines
        on
            coalesce(claims.order_id, found_lines.order_id) = order_lines.order_id
            and coalesce(claims.order_line_id, found_lines.order_line_id)
            = order_lines.order_line_id
    where coalesce(claims.status, 'requested') <> 'refused'

),

united as (

    select * from tickets
    union all
    select * from sent_back

)

select
    -- ids
    complaint_id,
    vendor_id,
    order_id,

    -- text
    complaint_source,
    complaint_kind,
    reason_code,

    -- booleans
    is_solved,

    -- dates
    complaint_date
from united
where complaint_date < {{ as_of_end_date() }}
