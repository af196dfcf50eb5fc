{# What happened to an order that its facts do not tell: who passed it on, accepted, refused or
   cancelled it, its documents, its money and what came back. #}
with orders as (

    select
        order_id,
        order_date,
        original_currency_code
    from {{ ref('int_orders_resolved') }}
    where {{ is_stale('order_date') }}

),

events as (

    select
        event_type || ' ' || order_event_id as step_id,
        order_id,
        vendor_id,
        order_line_id,
        event_type as step,
        actor,
        cast(null as string) as currency_code,
        cast(null as decimal(18, 2)) as amount,
        occurred_at
    from {{ ref('stg_oms__order_events') }}
    where
        -- the rest is a fact of the order, a payment or a return
        event_type in (
            'sent_to_vendor', 'accepted', 'refused', 'auto_rejected', 'handed_over', 'cancelled'
        )
        and {{ is_of_stale_order('order_id') }}

),

payments as (

    select
        kind || ' ' || payment_id as step_id,
        order_id,
        cast(null as string) as vendor_id,
        cast(null as string) as order_line_id,
        case
            when status = 'failed' then 'payment_failed'
            when kind = 'charge' then 'paid'
            when kind = 'refund' then 'refunded'
            else 'charged_back'
        end as step,
        cast(null as string) as actor,
        currency_code,
        amount,
        paid_at as occurred_at
    from {{ ref('stg_erp__payments') }}
    where status <> 'pending' and {{ is_of_stale_order('order_id') }}

),

invoices as (

    select
        document_kind || ' ' || invoice_id as step_id,
        order_id,
        vendor_id,
        cast(null as string) as order_line_id,
        case document_kind
            when 'invoice' then 'invoiced'
            when 'credit_note' then 'credited'
            else 'dunned'
        end as step,
        cast(null as string) as actor,
        currency_code,
        {{ money('net_amount + shipping_amount + tax_amount') }} as amount,
        issued_at as occurred_at
    from {{ ref('stg_erp__invoices') }}
    where status not in ('draft', 'cancelled') and {{ is_of_stale_order('order_id') }}

),

returns as (

    select * from {{ ref('stg_oms__returns') }}
    where {{ is_of_stale_order('order_id') }}

),

requested as (

    select
        'return_requested ' || return_id as step_id,
        order_id,
        cast(null as string) as vendor_id,
        order_line_id,
        'return_requested' as step,
        'buyer' as actor,
        cast(null as string) as currency_code,
        cast(null as decimal(18, 2)) as amount,
        requested_at as occurred_at
    from returns

),

received as (

    select
        'return_received ' || return_id as step_id,
        order_id,
        cast(null as string) as vendor_id,
        order_line_id,
        'return_received' as step,
        cast(null as string) as actor,
        currency_code,
        refund_amount as amount,
        received_at as occurred_at
    from returns
    where received_at is not null

),

united as (

    select * from events
    union all
    select * from payments
    union all
    select * from invoices
    union all
    select * from requested
    union all
    select * from received

)

select
    -- ids
    united.step_id,
    united.order_id,
    united.vendor_id,
    united.order_line_id,

    -- text
    united.step,
    united.actor,
    case
        when united.amount is not null
            then coalesce(united.currency_code, orders.original_currency_code)
    end as currency_code,

    -- numbers
    united.amount,

    -- dates
    orders.order_date,

    -- timestamps
    united.occurred_at
from united
inner join orders
    on united.order_id = orders.order_id
-- one without a moment is taken as known
where
    united.occurred_at is null
    or {{ business_date('united.occurred_at') }} < {{ as_of_end_date() }}
