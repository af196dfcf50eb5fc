with source_rows as (

    select * from {{ source('oms', 'shipment_events') }}

),

renamed as (

    select
        -- ids
        shipment_event_id,
        shipment_id,

        -- text
        event_type,
        coalesce(fulfiller, 'vendor') as fulfiller,

        -- timestamps
        occurred_at
    from source_rows

)

select * from renamed
