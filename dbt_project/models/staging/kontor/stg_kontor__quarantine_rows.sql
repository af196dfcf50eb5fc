{# Neither raw_text nor detail leaves quarantine: both may hold a person's data. #}
with source_rows as (

    select * from {{ source('quarantine', 'rows') }}

),

renamed as (

    select
        -- ids
        source,
        feed,
        load_id,
        file_id,

        -- text
        path,
        column_name,
        reason_code,
        rules_version,

        -- numbers
        line,

        -- timestamps
        first_seen_at,
        replayed_at
    from source_rows

)

select * from renamed
