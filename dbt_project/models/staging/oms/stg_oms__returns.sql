with source_rows as (

    select * from {{ source('oms', 'returns') }}

),

renamed as (

    select
        -- ids
        return_id,
        order_id,
        order_line_id,
        product_id,
        customer_id,

        -- text
        reason,
        status,
        fault,
        currency_code,

        -- numbers
        quantity,
        refund_amount,

        -- timestamps
        requested_at,
        received_at,
        refunded_at
    from source_rows

)

select * from renamed
