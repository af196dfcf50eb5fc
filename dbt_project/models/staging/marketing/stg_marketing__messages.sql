with source_rows as (

    select * from {{ source('marketing', 'messages') }}

),

renamed as (

    select
        -- ids
        message_id,
        campaign_id,
        contact_id,
        customer_id,
        vendor_id,

        -- text
        channel,
        coalesce(direction, 'outbound') as direction,
        status,

        -- timestamps
        sent_at,
        opened_at,
        clicked_at,
        unsubscribed_at,
        replied_at
    from source_rows

)

select * from renamed
