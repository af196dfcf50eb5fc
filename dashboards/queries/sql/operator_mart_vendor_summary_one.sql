select
    summary.vendor_id,
    vendors.vendor_name,
    vendors.category_name,
    vendors.city,
    vendors.is_registered,
    vendors.first_order_date,
    vendors.last_order_date,
    summary.window_id,
    summary.window_start,
    summary.window_end,
    summary.currency_code,
    summary.gmv,
    summary.order_count,
    summary.average_order_value,
    summary.review_score,
    summary.review_count,
    summary.previous_gmv,
    summary.previous_order_count,
    summary.gmv_rank,
    summary.gmv_share,
    summary.worst_state,
    summary.as_of_date
from marts.mart_vendor_summary as summary
inner join marts.dim_vendors as vendors
    on summary.vendor_id = vendors.vendor_id
where
    summary.vendor_id = $vendor_id
    and summary.window_id = $window_id
