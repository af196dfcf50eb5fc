with source_rows as (

    select * from {{ source('kontor', 'loads') }}

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

        -- numbers: a file rejected unread has no counts
        sequence,
        byte_count,
        coalesce(received, 0) as received,
        coalesce(applied, 0) as applied,
        coalesce(unchanged, 0) as unchanged,
        coalesce(duplicate, 0) as duplicate,
        coalesce(quarantined, 0) as quarantined,
        coalesce(dropped, 0) as dropped,
        coalesce(replaced, 0) as replaced,
        coalesce(late, 0) as late,

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
