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
    sequence,
    received,
    applied,
    unchanged,
    duplicate,
    quarantined,
    dropped,
    replaced,
    late,

    -- booleans: every received row ends in exactly one of the five
    is_present,
    received = applied + unchanged + duplicate + quarantined + dropped as is_balanced,

    -- dates
    first_event_date,
    last_event_date,

    -- timestamps
    recorded_at
from {{ ref('stg_kontor__loads') }}
