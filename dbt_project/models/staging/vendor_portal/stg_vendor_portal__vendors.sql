with source_rows as (

    select * from {{ source('vendor_portal', 'vendors') }}

),

renamed as (

    select
        -- ids
        vendor_id,
        parent_vendor_id,

        -- text
        name as vendor_name,
        vendor_type,
        coalesce(level, 'shop') as vendor_level,
        brand,
        coalesce(status, 'active') as status,
        city,
        region,
        country_code,
        language_code,
        cut_off_time,
        close_reason,
        coalesce(legal_entity, legal_name) as legal_entity,
        md5({{ comparable('email') }}) as email_hash,

        -- booleans
        email is not null as has_email,
        phone is not null as has_phone,

        -- timestamps
        joined_at,
        closed_at
    from source_rows

)

select * from renamed
