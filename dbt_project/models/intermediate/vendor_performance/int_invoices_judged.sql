{# Invoices for what vendors sold, and whether they had a defect: an error that took a corrected
   one, or, of the first for the vendor's part of an order, later than the end of the day after the
   goods were handed over, where that is known. What is charged later, such as a coupon of what came
   back, is no late invoice of the goods. Of a marketplace that never says of an invoice that it was
   corrected, lateness alone tells. #}
with vendor_orders as (

    select
        order_id,
        vendor_id,
        {{ business_date('shipped_at') }} as shipped_date
    from {{ ref('fct_vendor_orders') }}

),

invoices as (

    select
        invoice_id,
        order_id,
        vendor_id,
        is_corrected,
        {{ business_date('issued_at') }} as issued_date,
        row_number() over (
            partition by order_id, vendor_id
            order by issued_at asc nulls last, invoice_id asc nulls last
        ) = 1 as is_first
    from {{ ref('stg_erp__invoices') }}
    where
        document_kind = 'invoice'
        and status <> 'draft'
        and {{ business_date('issued_at') }} < {{ as_of_end_date() }}

),

judged as (

    select
        invoices.invoice_id,
        invoices.order_id,
        invoices.vendor_id,
        invoices.issued_date,
        invoices.is_corrected
        or invoices.is_first
        and coalesce(
            invoices.issued_date > {{ days_after('vendor_orders.shipped_date', 1) }}, false
        ) as is_defective
    from invoices
    -- the marketplace's own invoices are no vendor's
    inner join vendor_orders
        on
            invoices.order_id = vendor_orders.order_id
            and invoices.vendor_id = vendor_orders.vendor_id

)

select
    -- ids
    'invoice_defect_rate' as metric_id,
    vendor_id,
    invoice_id as unit_id,
    order_id,
    cast(null as string) as order_line_id,

    -- text
    'invoice' as unit_kind,
    case when is_defective then 'vendor' end as fault_class,

    -- numbers
    {{ units('case when is_defective then 1 else 0 end') }} as numerator_value,
    {{ units('1') }} as denominator_value,

    -- booleans
    is_defective as is_in_numerator,

    -- dates
    issued_date as membership_date,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from
from judged
