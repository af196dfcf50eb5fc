-- audience: operator
select
    counted.vendor_id,
    vendors.vendor_name,
    counted.metric_id,
    counted.in_numerator,
    counted.membership_date,
    scorecard.metric_name,
    scorecard.number_id,
    counted.order_line_id,
    scorecard.window_start,
    scorecard.window_end,
    coalesce(order_lines.product_name, order_lines.product_id) as product_name
from marts.mart_vendor_metric_lines as counted
inner join marts.mart_vendor_scorecard as scorecard
    on
        counted.vendor_id = scorecard.vendor_id
        and counted.metric_id = scorecard.metric_id
        and counted.membership_date >= scorecard.window_start
        and counted.membership_date < scorecard.window_end
left join marts.dim_vendors as vendors
    on counted.vendor_id = vendors.vendor_id
left join marts.fct_order_lines as order_lines
    on
        counted.vendor_id = order_lines.vendor_id
        and counted.order_id = order_lines.order_id
        and counted.order_line_id = order_lines.order_line_id
where
    counted.order_id = $order_id
    and counted.is_counted
    and scorecard.window_end = $window_end
    and scorecard.is_judged
order by
    lower(vendors.vendor_name) asc,
    counted.vendor_id asc,
    counted.metric_id asc,
    counted.unit_id asc
