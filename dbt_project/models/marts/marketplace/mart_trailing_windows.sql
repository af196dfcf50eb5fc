select
    -- ids
    window_id,

    -- numbers
    window_days,

    -- dates
    {{ as_of_date() }} as as_of_date
from {{ ref('trailing_windows') }}
