with source_rows as (

    select * from {{ source('vendor_portal', 'vendor_messages') }}

),

renamed as (

    select
        -- ids
        message_id,
        conversation_id,
        vendor_id,
        customer_id,
        order_id,

        -- text
        direction,

        -- booleans
        coalesce(needs_answer, direction = 'inbound') as needs_answer,
        coalesce(is_automatic, false) as is_automatic,

        -- timestamps
        sent_at
    from source_rows

)

select * from renamed
