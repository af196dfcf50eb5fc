with source_rows as (

    select * from {{ source('kontor', 'vendor_versions') }}
    where not _is_deleted

),

renamed as (

    select
        -- ids
        vendor_id,

        -- text
        country_code,

        -- numbers: later loads are higher
        _sequence as load_number,

        -- timestamps
        coalesce(updated_at, _recorded_at) as changed_at
    from source_rows

)

select * from renamed
