with source_rows as (

    select
        *,
        case document_kind when 'credit_note' then -1 else 1 end as direction
    from {{ source('erp', 'invoices') }}

),

renamed as (

    select
        -- ids
        invoice_id,
        order_id,
        vendor_id,

        -- text
        document_kind,
        coalesce(status, 'open') as status,
        currency_code,

        -- numbers: a credit note takes back what an invoice asked for, so its amounts are negative
        {{ money('direction * net_amount') }} as net_amount,
        {{ money('direction * coalesce(shipping_amount, 0)') }} as shipping_amount,
        {{ money('direction * coalesce(tax_amount, 0)') }} as tax_amount,

        -- booleans
        coalesce(is_corrected, false) as is_corrected,

        -- timestamps
        issued_at
    from source_rows

)

select * from renamed
