-- audience: operator
select
    segment,
    model,
    holdout_begins,
    decile,
    customers,
    predicted_orders,
    actual_orders,
    holdout_covered_share,
    predicted_per_actual,
    gini,
    top_decile_lift,
    is_passed
from marts.mart_clv_calibration
where is_chosen
order by segment asc, holdout_begins desc, decile asc
