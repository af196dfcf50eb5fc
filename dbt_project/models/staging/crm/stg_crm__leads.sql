with source_rows as (

    select * from {{ source('crm', 'leads') }}

),

renamed as (

    select
        -- ids
        lead_id,
        landing_page_id,

        -- text
        lead_kind,
        origin,
        status,

        -- booleans
        email is not null as has_email,
        phone is not null as has_phone,

        -- timestamps
        created_at
    from source_rows

)

select * from renamed
