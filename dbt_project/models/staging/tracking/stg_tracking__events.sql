with source_rows as (

    select * from {{ source('tracking', 'events') }}

),

renamed as (

    select
        -- ids
        event_id,
        item_number,
        visitor_id,
        session_id,
        customer_id,
        account_id,
        vendor_id,
        product_id,
        category_id,
        content_id,
        cart_id,
        order_id,
        quote_id,
        promotion_id,
        campaign_id,
        experiment_id,

        -- text
        event_type,
        source as traffic_source,
        medium as traffic_medium,
        page_path,
        search_term,
        device,
        country_code,
        currency_code,

        -- numbers
        quantity,
        unit_price,
        value_amount,
        result_count,
        checkout_step,
        engagement_seconds,

        -- booleans
        coalesce(is_bot, false) as is_bot,
        has_analytics_consent,
        has_marketing_consent,

        -- timestamps
        occurred_at,
        received_at
    from source_rows

)

select * from renamed
