with source_rows as (

    select * from {{ source('marketing', 'campaign_members') }}

),

renamed as (

    select
        -- ids
        campaign_id,
        customer_id,
        contact_id,

        -- booleans
        is_holdout,

        -- timestamps
        joined_at,
        left_at,
        updated_at
    from source_rows

)

select * from renamed
