with segments as (

    select * from {{ ref('int_segments_evaluated') }}

)

select
    -- ids
    segment_id,

    -- text
    subject_kind,
    segment_version,
    origin,
    title,
    rule,
    finding,

    -- numbers
    member_count,
    unknown_count,
    holdout_share,
    holdout_count,

    -- booleans
    is_evaluated,

    -- dates
    evaluated_date,
    {{ as_of_date() }} as as_of_date
from segments
