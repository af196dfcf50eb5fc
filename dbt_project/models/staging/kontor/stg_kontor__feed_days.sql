with source_rows as (

    select * from {{ source('kontor', 'feed_days') }}

),

renamed as (

    select
        -- ids
        feed,

        -- numbers
        row_count,

        -- dates
        event_date
    from source_rows

)

select * from renamed
