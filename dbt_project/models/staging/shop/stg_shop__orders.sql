with source_rows as (

    select * from {{ source('shop', 'orders') }}

),

renamed as (

    select
        -- ids
        order_id,
        customer_id,
        customer_record_id,
        vendor_id,
        account_id,
        contact_id,
        cart_id,
        quote_id,
        sales_rep_id,
        campaign_id,

        -- text
        status,
        channel,
        currency_code,
        cancelled_by,
        ship_country_code,
        ship_region,
        ship_postal_code,

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
