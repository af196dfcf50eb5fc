with source_rows as (

    select * from {{ source('reference', 'calendar') }}

),

renamed as (

    select
        -- ids: NULL where it holds for every vendor
        nullif(vendor_id, 'all') as vendor_id,

        -- text
        country_code,
        nullif(region, 'all') as region,
        occasion,
        kind,

        -- booleans
        is_working_day,

        -- dates
        calendar_date
    from source_rows

)

select * from renamed
