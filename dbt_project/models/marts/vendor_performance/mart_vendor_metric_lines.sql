select
    -- ids
    vendor_id,
    metric_id,
    order_id,
    order_line_id,

    -- numbers
    metric_version,
    numerator_value,
    denominator_value,

    -- booleans
    in_numerator,

    -- dates
    membership_date,
    window_start,
    window_end,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_vendor_metric_lines_windowed') }}
