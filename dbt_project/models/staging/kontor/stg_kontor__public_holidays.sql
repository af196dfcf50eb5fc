with source_rows as (

    select * from {{ source('kontor', 'public_holidays') }}

),

renamed as (

    select
        -- text
        country_code,
        region,

        -- dates
        holiday_date
    from source_rows

)

select * from renamed
