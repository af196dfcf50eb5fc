with source_rows as (

    select * from {{ source('operations', 'operation_states') }}

),

renamed as (

    select
        -- ids
        stream,
        stream_id,
        event_number,

        -- text
        state,

        -- numbers
        version as stream_version,

        -- timestamps
        changed_at
    from source_rows

)

select * from renamed
