with source_rows as (

    select * from {{ source('reference', 'calendar') }}

),

renamed as (

    select
        -- ids
        vendor_id,

        -- text
        country_code,
        region,
        occasion,
        kind,

        -- booleans: a holiday of a whole country is a day of rest where nothing else is said
        coalesce(is_working_day, kind <> 'public_holiday' and kind <> 'company_closure')
            as is_working_day,

        -- dates
        calendar_date
    from source_rows

)

select * from renamed
