-- audience: operator
select
    window_id,
    window_start,
    window_end,
    currency_code,
    gmv,
    gmv_net,
    commission_amount,
    order_count,
    average_order_value,
    active_vendors,
    active_customers,
    late_delivery_rate,
    review_score,
    lost_order_count,
    unattributed_lost_order_count,
    previous_gmv,
    previous_gmv_net,
    previous_commission_amount,
    previous_order_count,
    previous_average_order_value,
    previous_active_vendors,
    previous_active_customers,
    previous_late_delivery_rate,
    previous_review_score,
    as_of_date
from marts.mart_marketplace_summary
where window_id = $window_id
