with source_rows as (

    select * from {{ source('crm', 'lead_events') }}

),

renamed as (

    select
        -- ids
        lead_event_id,
        lead_id,
        sales_rep_id,
        campaign_id,

        -- text
        event_type,

        -- numbers
        score,

        -- timestamps
        occurred_at
    from source_rows

)

select * from renamed
