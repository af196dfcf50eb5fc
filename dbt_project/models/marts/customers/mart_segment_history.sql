select
    -- ids
    customer_id,
    segment_id,

    -- text
    segment_kind,

    -- booleans
    is_holdout,

    -- dates
    valid_from,
    valid_to,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_segment_memberships') }}
