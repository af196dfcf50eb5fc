-- audience: operator, vendor
select
    counted.vendor_id,
    counted.metric_id,
    counted.unit_kind,
    counted.unit_id,
    scorecard.unit,
    counted.order_id,
    counted.membership_date,
    counted.numerator_value,
    counted.denominator_value,
    counted.order_date,
    counted.status,
    counted.fault_class,
    counted.gmv,
    counted.currency_code,
    counted.ship_by_at,
    counted.shipped_at,
    counted.promised_at,
    counted.delivered_at,
    case
        when scorecard.unit <> 'rate' then null
        when counted.in_numerator = scorecard.is_higher_better then 'met'
        else 'missed'
    end as outcome,
    -- what failed comes first by it, or what was rated lowest
    case
        when scorecard.is_higher_better
            then counted.numerator_value / counted.denominator_value
        else -counted.numerator_value / counted.denominator_value
    end as merit
from marts.mart_vendor_metric_lines as counted
inner join marts.mart_vendor_scorecard as scorecard
    on
        counted.vendor_id = scorecard.vendor_id
        and counted.metric_id = scorecard.metric_id
        and counted.membership_date >= scorecard.window_start
        and counted.membership_date < scorecard.window_end
where
    counted.vendor_id = $vendor_id
    and counted.metric_id = $metric_id
    and counted.is_counted
    and scorecard.window_end = $window_end
    and case
        when $window_kind is null then scorecard.is_judged
        else scorecard.window_kind = $window_kind
    end
    and (
        $outcome is null
        or (counted.in_numerator = scorecard.is_higher_better) = ($outcome = 'met')
    )
