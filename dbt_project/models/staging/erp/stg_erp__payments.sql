with source_rows as (

    select * from {{ source('erp', 'payments') }}

),

renamed as (

    select
        -- ids
        payment_id,
        order_id,
        invoice_id,

        -- text
        method,
        coalesce(status, 'paid') as status,
        -- what is below zero goes back to the buyer, whatever the source calls it
        case
            when kind in ('refund', 'chargeback') then kind
            when amount < 0 then 'refund'
            else 'charge'
        end as kind,
        chargeback_reason,
        currency_code,

        -- numbers
        {{ money('abs(amount)') }} as amount,
        installment_count,

        -- timestamps
        paid_at
    from source_rows

)

select * from renamed
