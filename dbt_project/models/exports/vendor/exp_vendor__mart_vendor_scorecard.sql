{# Without the marketplace's rate: with few vendors it would tell about the others. #}
{{ config(materialized='view') }}

select
    -- ids
    vendor_id,
    metric_id,
    number_id,

    -- text
    metric_name,
    unit,
    state,

    -- numbers
    metric_version,
    window_days,
    numerator,
    denominator,
    rate,
    rate_lower,
    rate_upper,
    threshold,
    probability_over_threshold,
    previous_rate,

    -- booleans
    is_higher_better,
    is_current,

    -- dates
    window_start,
    window_end,
    as_of_date
from {{ ref('mart_vendor_scorecard') }}
