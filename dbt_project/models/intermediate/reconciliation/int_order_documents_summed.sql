{{ config(materialized='incremental', partition_by=['reconciliation_date']) }}

{# Invoices and payments of an order, or of a vendor's part of it where the document says so. What
   names no order that counts keeps its own day and is set against nothing. #}
with issued as (

    select
        *,
        status = 'cancelled' and document_kind = 'invoice' as is_cancelled_invoice,
        net_amount + shipping_amount as charged
    from {{ ref('stg_erp__invoices') }}
    -- a draft is no document yet, a reminder's fee is no goods
    where
        status <> 'draft'
        and document_kind <> 'dunning_fee'
        and not (status = 'cancelled' and document_kind = 'credit_note')
        and {{ is_of_no_fresh_order('order_id') }}

),

{# Some systems take a cancelled invoice back with a credit note, some strike it out: it counts
   where there is credit enough to take it back. #}
weighed as (

    select
        *,
        sum(case when is_cancelled_invoice then charged else 0 end) over (
            partition by order_id, vendor_id
        ) as cancelled_charge,
        sum(case when document_kind = 'credit_note' then -charged else 0 end) over (
            partition by order_id, vendor_id
        ) as credited
    from issued

),

invoices as (

    select
        order_id,
        vendor_id,
        currency_code,
        net_amount as goods,
        shipping_amount as shipping,
        tax_amount as tax,
        {{ money('0') }} as received,
        {{ money('0') }} as refunded,
        {{ money('0') }} as charged_back,
        {{ money('0') }} as pending,
        {{ business_date('issued_at') }} as document_date
    from weighed
    where not is_cancelled_invoice or credited >= cancelled_charge

),

payments as (

    select
        order_id,
        cast(null as string) as vendor_id,
        currency_code,
        {{ money('0') }} as goods,
        {{ money('0') }} as shipping,
        {{ money('0') }} as tax,
        case
            when kind = 'charge' and status in ('paid', 'refunded') then amount
            else {{ money('0') }}
        end as received,
        -- what went back is a payment of its own, or the state of the one that was made
        case
            when kind <> 'charge' and status in ('paid', 'refunded') then amount
            when status = 'refunded' then amount
            else {{ money('0') }}
        end as refunded,
        -- of that, what a bank took back and said why
        case
            when
                kind = 'chargeback'
                and status in ('paid', 'refunded')
                and chargeback_reason is not null
                then amount
            else {{ money('0') }}
        end as charged_back,
        case
            when kind = 'charge' and status = 'pending' then amount
            else {{ money('0') }}
        end as pending,
        {{ business_date('paid_at') }} as document_date
    from {{ ref('stg_erp__payments') }}
    where status <> 'failed' and {{ is_of_no_fresh_order('order_id') }}

),

documents as (

    select * from invoices
    union all
    select * from payments

),

placed as (

    select
        order_id,
        is_test,
        currency_code,
        order_date
    from {{ ref('stg_shop__orders') }}

),

matched as (

    select
        case when placed.order_id is not null then documents.order_id end as order_id,
        documents.vendor_id,
        coalesce(placed.currency_code, documents.currency_code, '{{ var("currency_code") }}')
            as currency_code,
        coalesce(documents.currency_code = placed.currency_code, true) as is_own_currency,
        documents.goods,
        documents.shipping,
        documents.tax,
        documents.received,
        documents.refunded,
        documents.charged_back,
        documents.pending,
        -- an undated payment is taken as made with its order, and without one on the last day
        case
            when placed.order_id is not null then placed.order_date
            else coalesce(documents.document_date, {{ as_of_date() }})
        end as reconciliation_date
    from documents
    left join placed
        on documents.order_id = placed.order_id
    where
        coalesce(documents.document_date < {{ as_of_end_date() }}, true)
        -- test orders and later ones count nowhere, and so do their documents
        and not coalesce(placed.is_test, false)
        and coalesce(placed.order_date < {{ as_of_end_date() }}, true)

)

select
    -- ids
    order_id,
    vendor_id,

    -- text
    currency_code,

    -- numbers: amounts in another currency cannot be added
    {%- set amounts = [
        'goods', 'shipping', 'tax', 'received', 'refunded', 'charged_back', 'pending',
    ] %}
    {%- for amount in amounts %}
        {{ money('coalesce(sum(' ~ amount ~ ') filter (where is_own_currency), 0)') }}
            as {{ amount }},
    {%- endfor %}

    -- booleans
    count_if(not is_own_currency) > 0 as has_other_currency,

    -- dates
    reconciliation_date
from matched
where {{ is_stale('reconciliation_date') }}
group by order_id, vendor_id, currency_code, reconciliation_date
