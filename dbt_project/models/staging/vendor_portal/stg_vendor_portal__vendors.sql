with source_rows as (

    select * from {{ source('vendor_portal', 'vendors') }}

),

renamed as (

    select
        -- ids
        vendor_id,

        -- text
        name as vendor_name,
        vendor_type,
        coalesce(status, 'active') as status,
        city,
        region,
        country_code,

        -- timestamps
        joined_at
    from source_rows

)

select * from renamed
