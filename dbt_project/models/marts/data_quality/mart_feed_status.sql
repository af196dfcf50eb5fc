select
    -- ids
    feed,

    -- text
    title,
    state,
    explanation,

    -- numbers
    row_count,
    orphan_count,
    missing_count,
    missing_day_count,
    load_count,
    rejected_count,
    cast(quarantined_count as bigint) as quarantined_count,
    lag_days,

    -- booleans
    is_configured,
    is_required,

    -- dates
    first_event_date,
    last_event_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    last_recorded_at
from {{ ref('int_feeds_assessed') }}
