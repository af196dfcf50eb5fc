with source_rows as (

    select * from {{ source('kontor', 'feeds') }}

),

renamed as (

    select
        -- ids
        feed,

        -- text
        title,
        event_time_column,
        system,
        delivery,
        what_depends,

        -- booleans
        is_required,
        is_configured,
        is_own
    from source_rows

)

select * from renamed
