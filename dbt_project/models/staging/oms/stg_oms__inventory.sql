with source_rows as (

    select * from {{ source('oms', 'inventory') }}

),

renamed as (

    select
        -- ids
        offer_id,
        location,

        -- numbers
        quantity_on_hand,
        coalesce(quantity_reserved, 0) as quantity_reserved,
        coalesce(quantity_incoming, 0) as quantity_incoming,

        -- dates
        stock_date
    from source_rows

)

select * from renamed
