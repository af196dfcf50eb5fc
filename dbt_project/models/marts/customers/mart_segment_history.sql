select
    -- ids
    subject_id,
    case when subject_kind = 'customer' then subject_id end as customer_id,
    segment_id,

    -- text
    subject_kind,
    segment_kind,

    -- booleans
    is_holdout,

    -- dates
    valid_from,
    valid_to,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_segment_memberships') }}
