with source_rows as (

    select * from {{ source('reference', 'calendar') }}

),

renamed as (

    select
        -- ids: all where it holds for every vendor
        vendor_id,

        -- text: ZZ is every country, all the whole of it
        country_code,
        region,
        occasion,
        kind,

        -- booleans
        is_working_day,

        -- dates
        calendar_date
    from source_rows

)

select * from renamed
