with source_rows as (

    select * from {{ source('operations', 'operation_events') }}

),

renamed as (

    select
        -- ids
        event_number,
        stream,
        stream_id,

        -- text
        kind as event_kind,
        payload,

        -- numbers
        version as stream_version,

        -- timestamps
        occurred_at
    from source_rows

)

select * from renamed
