with source_rows as (

    select * from {{ source('pim', 'products') }}

),

renamed as (

    select
        -- ids
        product_id,
        vendor_id,
        category_id,

        -- text
        name as product_name,
        gtin,

        -- numbers
        weight_grams,

        -- booleans
        is_active,

        -- timestamps
        created_at
    from source_rows

)

select * from renamed
