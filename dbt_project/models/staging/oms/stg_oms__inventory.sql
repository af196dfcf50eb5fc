with source_rows as (

    select * from {{ source('oms', 'inventory') }}

),

renamed as (

    select
        -- ids
        offer_id,

        -- text
        location,

        -- numbers
        quantity_on_hand,
        quantity_reserved,
        quantity_incoming,

        -- dates
        stock_date
    from source_rows

)

select * from renamed
