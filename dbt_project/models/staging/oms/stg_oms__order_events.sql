with source_rows as (

    select * from {{ source('oms', 'order_events') }}

),

renamed as (

    select
        -- ids
        order_event_id,
        order_id,
        order_line_id,
        vendor_id,

        -- text
        event_type,
        actor,

        -- timestamps
        occurred_at
    from source_rows

)

select * from renamed
