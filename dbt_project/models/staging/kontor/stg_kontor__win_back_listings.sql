with source_rows as (

    select * from {{ source('kontor', 'win_back_listings') }}

),

renamed as (

    select
        -- ids
        customer_id,

        -- text
        reason_code,
        contact_channel,

        -- numbers
        silence_days,
        limit_days,
        historic_value,

        -- booleans
        is_lost_order,
        is_late_delivery,
        is_unanswered_message,
        is_price_rise,
        is_ticket,

        -- dates
        silent_since,
        listed_on
    from source_rows
    where listed_on <= {{ as_of_date() }}

)

select * from renamed
