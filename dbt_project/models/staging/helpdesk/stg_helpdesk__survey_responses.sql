with source_rows as (

    select * from {{ source('helpdesk', 'survey_responses') }}

),

renamed as (

    select
        -- ids
        response_id,
        survey_id,
        customer_id,
        order_id,
        vendor_id,
        ticket_id,

        -- text
        question_kind,
        topic,

        -- numbers
        score,

        -- timestamps
        asked_at,
        answered_at
    from source_rows

)

select * from renamed
