with source_rows as (

    select * from {{ source('kontor', 'segment_members') }}

),

latest as (

    {# What ends a membership has the same beginning and a higher number. #}
    select *
    from source_rows
    qualify row_number() over (
        partition by segment_id, version, subject_id, valid_from
        order by number desc
    ) = 1

),

renamed as (

    select
        -- ids
        segment_id,
        version as segment_version,
        subject_id,

        -- text: of customers alone before there were others
        coalesce(subject_kind, 'customer') as subject_kind,

        -- booleans: nobody was held back before there were holdouts
        coalesce(is_holdout, false) as is_holdout,

        -- dates
        valid_from,
        case when valid_to <= {{ as_of_date() }} then valid_to end as valid_to
    from latest
    where
        valid_from <= {{ as_of_date() }}
        -- one that ended on the day it began never was
        and (valid_to is null or valid_to > valid_from)

)

select * from renamed
