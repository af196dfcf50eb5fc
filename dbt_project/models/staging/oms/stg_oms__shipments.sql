with source_rows as (

    select * from {{ source('oms', 'shipments') }}

),

renamed as (

    select
        -- ids
        shipment_id,
        order_id,
        vendor_id,
        order_line_id,

        -- text
        carrier,
        coalesce(fulfilled_by, 'vendor') as fulfilled_by,
        ship_country_code,

        -- booleans
        tracking_number is not null as has_tracking_number,

        -- timestamps
        ship_by_at,
        promised_at,
        shipped_at,
        first_scan_at,
        first_attempt_at,
        delivered_at
    from source_rows

)

select * from renamed
