with source_rows as (

    select * from {{ source('shop', 'orders') }}

),

renamed as (

    select
        -- ids
        order_id,
        customer_id,
        customer_record_id,

        -- text
        status,
        channel,
        currency_code,
        cancelled_by,

        -- numbers
        {{ money('coalesce(shipping_amount, 0)') }} as shipping_amount,
        discount_amount,
        tax_amount,
        total_amount,

        -- booleans
        coalesce(is_test, false) as is_test,

        -- dates
        {{ business_date('ordered_at') }} as order_date,

        -- timestamps
        ordered_at,
        approved_at,
        cancelled_at
    from source_rows

)

select * from renamed
