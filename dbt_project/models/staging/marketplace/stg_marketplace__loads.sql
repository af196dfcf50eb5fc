with source_rows as (

    select * from {{ source('marketplace', 'loads') }}

),

renamed as (

    select
        -- ids
        load_id,
        feed,
        source,
        file_id,

        -- text
        path,
        status,
        reason_code,
        reason_detail,
        rules_version,

        -- numbers
        sequence,
        byte_count,
        received,
        applied,
        unchanged,
        duplicate,
        quarantined,
        late,

        -- booleans
        coalesce(is_present, true) as is_present,

        -- dates
        first_event_date,
        last_event_date,

        -- timestamps
        recorded_at
    from source_rows

)

select * from renamed
