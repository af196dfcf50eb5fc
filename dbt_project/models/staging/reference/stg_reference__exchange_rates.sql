with source_rows as (

    select * from {{ source('reference', 'exchange_rates') }}

),

renamed as (

    select
        -- text
        base_currency_code,
        currency_code,

        -- numbers: what one unit of the base was worth
        rate,

        -- dates
        rate_date
    from source_rows

)

select * from renamed
