select
    -- text
    segment,
    driver,
    status,
    model_version,

    -- numbers
    exposed_orders,
    unexposed_orders,
    matched_orders,
    control_orders,
    again_share_exposed,
    again_share_controls,
    effect,
    effect_lower,
    effect_upper,
    imbalance_before,
    imbalance_after,

    -- dates
    as_of_date
from {{ source('predictions', 'churn_drivers') }}
