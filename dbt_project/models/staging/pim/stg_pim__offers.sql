with source_rows as (

    select * from {{ source('pim', 'offers') }}

),

renamed as (

    select
        -- ids
        offer_id,
        vendor_id,
        product_id,

        -- text
        status,
        condition,
        currency_code,

        -- numbers
        unit_price,
        list_price,
        minimum_quantity,
        lead_time_days,

        -- timestamps
        created_at,
        updated_at
    from source_rows

)

select * from renamed
