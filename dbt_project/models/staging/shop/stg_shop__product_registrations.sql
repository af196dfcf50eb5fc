with source_rows as (

    select * from {{ source('shop', 'product_registrations') }}

),

renamed as (

    select
        -- ids
        registration_id,
        product_id,
        customer_id,
        account_id,
        order_line_id,

        -- text
        serial_hash,

        -- dates
        warranty_until,

        -- timestamps
        registered_at
    from source_rows

)

select * from renamed
