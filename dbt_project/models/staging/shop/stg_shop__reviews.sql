with source_rows as (

    select * from {{ source('shop', 'reviews') }}

),

renamed as (

    select
        -- ids
        review_id,
        order_id,
        order_line_id,
        vendor_id,
        product_id,

        -- numbers
        rating,

        -- timestamps
        created_at,
        answered_at
    from source_rows

)

select * from renamed
