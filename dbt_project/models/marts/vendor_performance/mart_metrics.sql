select
    -- ids
    metric_id,

    -- text
    name,
    unit,
    sentence,
    formula,
    grain,
    numerator,
    denominator,
    metric_window as {{ quoted('window') }},
    membership_date,
    exclusions,
    threshold_origin,
    owner,
    vendor_advice,

    -- numbers
    version,
    window_days,
    maturity_days,
    threshold,

    -- booleans
    is_higher_better,
    is_scored,

    -- dates
    valid_from,
    valid_to,
    {{ as_of_date() }} as as_of_date
from {{ ref('metric_registry') }}
