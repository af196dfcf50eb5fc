select
    counted.vendor_id,
    counted.metric_id,
    counted.order_id,
    counted.order_line_id,
    counted.membership_date,
    counted.in_numerator,
    counted.numerator_value,
    counted.denominator_value,
    orders.order_date,
    orders.status,
    orders.gmv,
    orders.currency_code,
    orders.ship_by_at,
    orders.shipped_at,
    orders.promised_at,
    orders.delivered_at,
    count(*) over () as total_count
from marts.mart_vendor_metric_lines as counted
left join marts.fct_orders as orders
    on
        counted.order_id = orders.order_id
        and counted.vendor_id = orders.vendor_id
where
    counted.vendor_id = $vendor_id
    and counted.metric_id = $metric_id
    and counted.window_end = $window_end
    and (counted.in_numerator = $in_numerator or $in_numerator is null)
order by
    counted.membership_date desc,
    counted.order_id asc,
    counted.order_line_id asc
limit $row_limit offset $row_offset
