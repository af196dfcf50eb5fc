with source_rows as (

    select * from {{ source('marketing', 'promotions') }}

),

renamed as (

    select
        -- ids
        promotion_id,
        vendor_id,
        category_id,

        -- text
        name as promotion_name,
        kind,
        currency_code,

        -- numbers
        discount_rate,
        discount_amount,
        budget_amount,

        -- timestamps
        starts_at,
        ends_at
    from source_rows

)

select * from renamed
