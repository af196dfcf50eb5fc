with source_rows as (

    select * from {{ source('kontor', 'segments') }}

),

renamed as (

    select
        -- ids
        segment_id,

        -- text
        version as segment_version,
        coalesce(subject_kind, 'customer') as subject_kind,
        origin,
        title,
        rule,
        finding,

        -- numbers
        member_count,
        unknown_count,
        cast(coalesce(holdout_share, 0) as decimal(5, 4)) as holdout_share,

        -- booleans
        is_evaluated,

        -- dates
        as_of_date as evaluated_date
    from source_rows

)

select * from renamed
