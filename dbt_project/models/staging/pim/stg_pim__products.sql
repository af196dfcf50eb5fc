with source_rows as (

    select * from {{ source('pim', 'products') }}

),

renamed as (

    select
        -- ids
        product_id,
        vendor_id,
        category_id,
        successor_product_id,

        -- text
        name as product_name,
        brand,
        gtin,
        coalesce(unit, 'piece') as unit,

        -- numbers
        weight_grams,
        warranty_months,
        image_count,
        attribute_count,
        required_attribute_count,

        -- booleans
        is_active,

        -- timestamps
        created_at
    from source_rows

)

select * from renamed
