with source_rows as (

    select * from {{ source('crm', 'consents') }}

),

renamed as (

    select
        -- ids
        consent_id,
        contact_id,
        customer_id,
        vendor_id,

        -- text
        purpose,
        channel,
        source as consent_source,
        text_version,

        -- booleans
        is_granted,

        -- timestamps
        stated_at
    from source_rows

)

select * from renamed
