with source_rows as (

    select * from {{ source('crm', 'contacts') }}

),

renamed as (

    select
        -- ids
        contact_id,
        account_id,
        customer_id,

        -- text
        name as contact_name,
        role as contact_role,
        language_code,
        preferred_channel,
        md5({{ comparable('email') }}) as email_hash,

        -- booleans
        email is not null as has_email,
        phone is not null as has_phone,

        -- timestamps
        created_at,
        updated_at
    from source_rows

)

select * from renamed
