with source_rows as (

    select * from {{ source('kontor', 'check_results') }}

),

renamed as (

    select
        -- ids
        feed,
        check_name,

        -- text
        severity,
        finding,
        held_back,

        -- numbers
        observed,

        -- booleans
        is_passed,

        -- timestamps
        run_at
    from source_rows

)

select * from renamed
