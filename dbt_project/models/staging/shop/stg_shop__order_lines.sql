with source_rows as (

    select * from {{ source('shop', 'order_lines') }}

),

renamed as (

    select
        -- ids
        order_line_id,
        order_id,
        vendor_id,
        product_id,
        offer_id,
        promotion_id,
        agreement_id,

        -- text
        status,
        cancelled_by,
        cancel_reason,
        unit,

        -- numbers: a line says what it costs per unit or as a whole, a discount by amount or share
        quantity,
        unit_price,
        list_price,
        line_amount,
        discount_amount,
        discount_rate,
        {{ money('coalesce(shipping_amount, 0)') }} as shipping_amount,
        tax_amount,
        cost_amount,
        {{ money('commission_amount') }} as commission_amount,

        -- timestamps
        accepted_at,
        ship_by_at,
        promised_at,
        cancelled_at
    from source_rows

)

select * from renamed
