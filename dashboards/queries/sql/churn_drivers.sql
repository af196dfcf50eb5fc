-- audience: operator
select
    segment,
    driver,
    status,
    exposed_orders,
    matched_orders,
    control_orders,
    again_share_exposed,
    again_share_controls,
    effect,
    effect_lower,
    effect_upper
from marts.mart_churn_driver
order by segment asc, effect desc nulls last, driver asc
