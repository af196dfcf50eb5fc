with source_rows as (

    select * from {{ source('shop', 'customers') }}

),

renamed as (

    select
        -- ids
        customer_record_id,
        customer_id,
        acquisition_campaign_id,

        -- text
        customer_type,
        name as customer_name,
        city,
        region,
        country_code,
        language_code,
        gender,
        md5({{ comparable('email') }}) as email_hash,

        -- booleans
        email is not null as has_email,
        phone is not null as has_phone,
        postal_code is not null as has_postal_code,

        -- dates
        birth_date,

        -- timestamps
        created_at,
        updated_at
    from source_rows

)

select * from renamed
