with source_rows as (

    select * from {{ source('operations', 'vendor_looks') }}

),

renamed as (

    select
        -- ids
        vendor_id,

        -- text
        marketplace,

        -- numbers
        look_count,

        -- dates
        looked_on as looked_date
    from source_rows

)

select * from renamed
