select
    -- ids
    segment_id,

    -- text
    segment_version,
    origin,
    title,
    rule,
    finding,

    -- numbers
    member_count,
    unknown_count,

    -- booleans
    is_evaluated,

    -- dates
    evaluated_date
from {{ ref('stg_kontor__segments') }}
