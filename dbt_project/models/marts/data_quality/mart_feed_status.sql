select
    -- ids
    feed,

    -- text
    title,
    system,
    delivery,
    state,
    finding,
    finding_what,
    freshness,
    held_back_code,
    held_back_what,

    -- numbers
    row_count,
    orphan_count,
    missing_count,
    missing_day_count,
    load_count,
    rejected_count,
    cast(quarantined_count as bigint) as quarantined_count,
    cast(failing_check_count as bigint) as failing_check_count,
    lag_days,
    cast(load_lag_hours as double) as load_lag_hours,
    finding_count,

    -- booleans
    is_configured,
    is_required,

    -- dates
    first_event_date,
    last_event_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    last_good_load_at,
    last_recorded_at
from {{ ref('int_feeds_assessed') }}
