with source_rows as (

    select * from {{ source('helpdesk', 'ticket_events') }}

),

renamed as (

    select
        -- ids
        ticket_event_id,
        ticket_id,

        -- text
        event_type,
        actor,
        team,
        channel,

        -- booleans
        is_automatic,

        -- timestamps
        occurred_at
    from source_rows

)

select * from renamed
