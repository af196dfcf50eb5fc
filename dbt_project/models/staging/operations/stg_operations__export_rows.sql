with source_rows as (

    select * from {{ source('operations', 'export_rows') }}

),

renamed as (

    select
        -- ids
        run_id,
        subject_id,
        event_number,

        -- text
        subject_kind,
        operation,
        consent_version,
        state as row_state,
        reason as reason_code,

        -- numbers
        attempts as attempt_count,

        -- booleans
        is_new,

        -- timestamps
        changed_at
    from source_rows

)

select * from renamed
