with source_rows as (

    select * from {{ source('erp', 'payments') }}

),

renamed as (

    select
        -- ids
        payment_id,
        order_id,

        -- text
        method,
        coalesce(status, 'paid') as status,
        currency_code,

        -- numbers
        amount,
        installment_count,

        -- timestamps
        paid_at
    from source_rows

)

select * from renamed
