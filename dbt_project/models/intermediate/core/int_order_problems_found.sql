{# Orders in which something is due and has not happened, or does not agree: what an operator has
   to look at. Who was late and has delivered is no open problem; the scorecard counts it. #}
with parts as (

    select
        *,
        not is_cancelled and status not in ('cancelled', 'unavailable', 'delivered')
        and delivered_at is null as is_open
    from {{ ref('fct_vendor_orders') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

answers as (

    select
        order_id,
        vendor_id,
        min(case when step = 'sent_to_vendor' then occurred_at end) as sent_at,
        count_if(step <> 'sent_to_vendor') as answer_count
    from {{ ref('fct_order_steps') }}
    where
        vendor_id is not null
        and step in ('sent_to_vendor', 'accepted', 'refused', 'auto_rejected', 'cancelled')
    group by order_id, vendor_id

),

not_accepted as (

    select
        'not_accepted' as problem,
        parts.order_id,
        parts.vendor_id,
        '' as subject_id,
        parts.currency_code,
        parts.gmv as amount,
        {{ business_date('answers.sent_at') }} as since_date
    from parts
    inner join answers
        on parts.order_id = answers.order_id and parts.vendor_id = answers.vendor_id
    where
        parts.is_open
        and parts.shipped_at is null
        and answers.answer_count = 0
        and {{ business_date('answers.sent_at') }}
        < {{ days_before(as_of_end_date(), var('acceptance_days_allowed')) }}

),

not_shipped as (

    select
        'not_shipped' as problem,
        order_id,
        vendor_id,
        '' as subject_id,
        currency_code,
        gmv as amount,
        {{ business_date('ship_by_at') }} as since_date
    from parts
    where
        is_open
        and shipped_at is null
        and {{ business_date('ship_by_at') }} < {{ as_of_end_date() }}

),

not_delivered as (

    select
        'not_delivered' as problem,
        order_id,
        vendor_id,
        '' as subject_id,
        currency_code,
        gmv as amount,
        {{ business_date('promised_at') }} as since_date
    from parts
    where
        is_open
        and shipped_at is not null
        and {{ business_date('promised_at') }} < {{ as_of_end_date() }}

),

without_lines as (

    select
        'no_lines' as problem,
        order_id,
        cast(null as string) as vendor_id,
        '' as subject_id,
        currency_code,
        total_amount as amount,
        order_date as since_date
    from orders
    where line_count = 0 and not is_cancelled and status <> 'unavailable'

),

money_kept as (

    select
        'paid_though_cancelled' as problem,
        order_id,
        cast(null as string) as vendor_id,
        '' as subject_id,
        currency_code,
        paid_amount as amount,
        coalesce({{ business_date('cancelled_at') }}, order_date) as since_date
    from orders
    where
        is_cancelled
        and paid_amount > 0
        and coalesce({{ business_date('cancelled_at') }}, order_date)
        < {{ days_before(as_of_end_date(), var('refund_days_allowed')) }}

),

refunds_owed as (

    select
        'refund_owed' as problem,
        returned.order_id,
        order_lines.vendor_id,
        returned.return_id as subject_id,
        coalesce(returned.currency_code, order_lines.original_currency_code) as currency_code,
        returned.refund_amount as amount,
        {{ business_date('returned.received_at') }} as since_date
    from {{ ref('stg_oms__returns') }} as returned
    inner join {{ ref('fct_order_lines') }} as order_lines
        on
            returned.order_id = order_lines.order_id
            and returned.order_line_id = order_lines.order_line_id
    where
        returned.refunded_at is null
        and coalesce(returned.status, 'refunded') not in ('refunded', 'refused', 'closed')
        and {{ business_date('returned.received_at') }}
        < {{ days_before(as_of_end_date(), var('refund_days_allowed')) }}

),

complaints as (

    select
        'complaint_open' as problem,
        tickets.order_id,
        tickets.vendor_id,
        tickets.ticket_id as subject_id,
        cast(null as string) as currency_code,
        cast(null as decimal(18, 2)) as amount,
        {{ business_date('tickets.opened_at') }} as since_date
    from {{ ref('stg_helpdesk__tickets') }} as tickets
    inner join orders
        on tickets.order_id = orders.order_id
    where
        tickets.kind in ('complaint', 'claim', 'chargeback')
        and tickets.status in ('open', 'waiting', 'reopened')
        and {{ business_date('tickets.opened_at') }} < {{ as_of_end_date() }}

),

united as (

    select * from not_accepted
    union all
    select * from not_shipped
    union all
    select * from not_delivered
    union all
    select * from without_lines
    union all
    select * from money_kept
    union all
    select * from refunds_owed
    union all
    select * from complaints

)

select
    -- ids
    order_id,
    vendor_id,
    subject_id,

    -- text
    problem,
    currency_code,

    -- numbers
    amount,

    -- dates
    since_date
from united
