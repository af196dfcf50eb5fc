with source_rows as (

    select * from {{ source('erp', 'price_history') }}

),

renamed as (

    select
        -- ids
        offer_id,

        -- text
        currency_code,

        -- numbers
        unit_price,

        -- timestamps
        valid_from
    from source_rows

)

select * from renamed
