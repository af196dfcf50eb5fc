select
    -- numbers
    events,
    session_events,
    visitorless_events,
    late_events,

    -- dates
    event_date,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_events_counted_to_day') }}
