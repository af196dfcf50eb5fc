-- audience: operator, vendor
-- one row per weekday, per category and per product, in this order
select
    counted.vendor_id,
    order_lines.category_name,
    order_lines.product_id,
    order_lines.product_name,
    isodow(counted.membership_date) as weekday,
    count(distinct counted.unit_id) as counted_count,
    count(
        distinct case
            when
                scorecard.unit = 'score'
                and counted.numerator_value < scorecard.threshold * counted.denominator_value
                then counted.unit_id
            when scorecard.unit = 'hours' and counted.numerator_value > scorecard.threshold
                then counted.unit_id
            when
                scorecard.unit = 'rate'
                and counted.in_numerator <> scorecard.is_higher_better
                then counted.unit_id
        end
    ) as missed_count
from marts.mart_vendor_metric_lines as counted
inner join marts.mart_vendor_scorecard as scorecard
    on
        counted.vendor_id = scorecard.vendor_id
        and counted.metric_id = scorecard.metric_id
        and counted.membership_date >= scorecard.window_start
        and counted.membership_date < scorecard.window_end
inner join marts.fct_order_lines as order_lines
    on
        counted.vendor_id = order_lines.vendor_id
        and counted.order_id = order_lines.order_id
where
    counted.vendor_id = $vendor_id
    and counted.metric_id = $metric_id
    and counted.is_counted
    and scorecard.window_end = $window_end
    and case
        when $window_kind is null then scorecard.is_judged
        else scorecard.window_kind = $window_kind
    end
group by
    grouping sets (
        (counted.vendor_id, isodow(counted.membership_date)),
        (counted.vendor_id, order_lines.category_name),
        (counted.vendor_id, order_lines.product_id, order_lines.product_name)
    )
order by
    weekday asc nulls last,
    order_lines.category_name asc nulls last,
    missed_count desc,
    counted_count desc,
    order_lines.product_id asc nulls last
limit $row_limit
