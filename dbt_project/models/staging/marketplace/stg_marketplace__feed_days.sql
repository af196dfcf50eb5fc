with source_rows as (

    select * from {{ source('marketplace', 'feed_days') }}

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
