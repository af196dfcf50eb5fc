-- audience: operator, vendor
select
    vendor_id,
    window_id,
    window_start,
    window_end,
    currency_code,
    gmv,
    gmv_net,
    commission_amount,
    order_count,
    unit_count,
    average_order_value,
    cancelled_order_count,
    review_score,
    review_count,
    previous_gmv,
    previous_gmv_net,
    previous_order_count,
    previous_average_order_value,
    worst_state,
    as_of_date
from marts.mart_vendor_summary
where
    vendor_id = $vendor_id
    and window_id = $window_id
