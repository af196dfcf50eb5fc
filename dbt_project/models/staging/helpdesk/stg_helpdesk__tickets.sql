with source_rows as (

    select * from {{ source('helpdesk', 'tickets') }}

),

renamed as (

    select
        -- ids
        ticket_id,
        customer_id,
        contact_id,
        order_id,
        vendor_id,
        product_id,

        -- text
        topic,
        kind,
        channel,
        priority,
        status,
        resolution,

        -- timestamps
        opened_at,
        first_answered_at,
        solved_at
    from source_rows

)

select * from renamed
