select
    -- ids
    load_id,
    feed,

    -- text
    source,
    path,
    status,
    reason_code,
    reason_detail,

    -- numbers
    received,
    applied,
    unchanged,
    duplicate,
    quarantined,
    late,
    {{ days_between('last_event_date', as_of_date()) }} as lag_days,

    -- booleans
    is_present,
    is_balanced,

    -- dates
    first_event_date,
    last_event_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    recorded_at
from {{ ref('int_loads_balanced') }}
