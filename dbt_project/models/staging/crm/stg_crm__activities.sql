with source_rows as (

    select * from {{ source('crm', 'activities') }}

),

renamed as (

    select
        -- ids
        activity_id,
        account_id,
        contact_id,
        lead_id,
        opportunity_id,
        vendor_id,
        sales_rep_id,

        -- text
        activity_type,
        direction,
        outcome,

        -- numbers
        duration_seconds,

        -- timestamps
        started_at
    from source_rows

)

select * from renamed
