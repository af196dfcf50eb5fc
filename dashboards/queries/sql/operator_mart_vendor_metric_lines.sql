select
    counted.vendor_id,
    counted.metric_id,
    counted.order_id,
    counted.order_line_id,
    counted.membership_date,
    counted.in_numerator,
    counted.numerator_value,
    counted.denominator_value,
    lines.order_date,
    lines.status,
    lines.gmv,
    lines.currency_code,
    lines.ship_by_at,
    lines.shipped_at,
    lines.promised_at,
    lines.delivered_at,
    count(*) over () as total_count
from marts.mart_vendor_metric_lines as counted
left join marts.fct_order_lines as lines
    on
        counted.order_line_id = lines.order_line_id
        and counted.order_id = lines.order_id
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
