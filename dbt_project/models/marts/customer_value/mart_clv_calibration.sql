select
    -- text
    segment,
    model,
    model_version,

    -- numbers
    decile,
    customers,
    predicted_orders,
    actual_orders,
    covered_share,
    holdout_covered_share,
    predicted_per_actual,
    gini,
    top_decile_lift,
    log_score,

    -- booleans
    is_passed,
    is_chosen,

    -- dates
    holdout_begins,
    as_of_date
from {{ source('predictions', 'customer_value_holdouts') }}
