{{ config(materialized='table') }}

{# What went wrong with a vendor's part of an order, so that the buyer said so: a review of one or
   two stars, a claim that was not denied, a chargeback. A fault is whose the topic or the reason
   says, of what is about the delivery whoever made it late: of fraud and of what was paid twice the
   platform's, of a payment taken back for a cancellation the buyer's; unknown where neither says
   anything. A bad review is of the vendor, unless the delivery was late. #}
with vendor_orders as (

    select
        order_id,
        vendor_id
    from {{ ref('fct_vendor_orders') }}

),

late_parts as (

    -- of two late lines the one that the vendor answers for
    select
        order_id,
        vendor_id,
        max(coalesce(delivery_fault, shipping_fault)) as delivery_fault
    from {{ ref('int_order_lines_blamed') }}
    group by order_id, vendor_id

),

reviewed as (

    select
        order_id,
        vendor_id,
        'review' as defect_kind,
        true as is_about_delivery,
        'vendor' as known_fault,
        created_date as defect_date
    from {{ ref('int_reviews_matched_to_vendor') }}
    where rating <= 2

),

claimed as (

    select
        order_id,
        vendor_id,
        kind as defect_kind,
        coalesce(topic = 'delivery', false) as is_about_delivery,
        {{ fault_by_topic('topic') }} as known_fault,
        {{ business_date('opened_at') }} as defect_date
    from {{ ref('stg_helpdesk__tickets') }}
    where
        kind in ('claim', 'chargeback')
        and order_id is not null
        and coalesce(resolution, 'answered') not in ('denied', 'withdrawn')

),

charged_back as (

    select
        payments.order_id,
        invoices.vendor_id,
        'chargeback' as defect_kind,
        coalesce(payments.chargeback_reason = 'not_received', false) as is_about_delivery,
        case
            when payments.chargeback_reason in ('fraud', 'duplicate') then 'platform'
            when payments.chargeback_reason = 'cancelled' then 'buyer'
            when payments.chargeback_reason = 'not_as_described' then 'vendor'
            else 'unknown'
        end as known_fault,
        {{ business_date('payments.paid_at') }} as defect_date
    from {{ ref('stg_erp__payments') }} as payments
    left join {{ ref('stg_erp__invoices') }} as invoices
        on payments.invoice_id = invoices.invoice_id
    where payments.kind = 'chargeback' and payments.status in ('paid', 'refunded')

),

defects as (

    select * from reviewed
    union all
    select * from claimed
    union all
    select * from charged_back

)

select
    -- ids
    vendor_orders.order_id,
    vendor_orders.vendor_id,

    -- text
    defects.defect_kind,
    coalesce(
        case when defects.is_about_delivery then late_parts.delivery_fault end,
        defects.known_fault
    ) as fault_class,

    -- dates
    defects.defect_date
from defects
-- what names no vendor is about every vendor of the order
inner join vendor_orders
    on
        defects.order_id = vendor_orders.order_id
        and coalesce(defects.vendor_id, vendor_orders.vendor_id) = vendor_orders.vendor_id
left join late_parts
    on
        vendor_orders.order_id = late_parts.order_id
        and vendor_orders.vendor_id = late_parts.vendor_id
where defects.defect_date < {{ as_of_end_date() }}
