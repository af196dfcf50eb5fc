with source_rows as (

    select * from {{ source('pim', 'benchmark_prices') }}

),

renamed as (

    select
        -- ids
        product_id,

        -- text
        source as source_name,
        currency_code,

        -- numbers
        price,

        -- booleans
        coalesce(is_available, true) as is_available,

        -- dates
        price_date
    from source_rows

)

select * from renamed
