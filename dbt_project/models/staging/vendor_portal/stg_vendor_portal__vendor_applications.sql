with source_rows as (

    select * from {{ source('vendor_portal', 'vendor_applications') }}

),

renamed as (

    select
        -- ids
        application_id,
        lead_id,
        vendor_id,
        sales_rep_id,
        development_rep_id,

        -- text
        decision,
        business_segment,
        business_type,
        lead_type,

        -- numbers
        declared_product_count,
        declared_monthly_revenue,

        -- timestamps
        applied_at,
        decided_at
    from source_rows

)

select * from renamed
