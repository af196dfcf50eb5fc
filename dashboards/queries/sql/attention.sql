-- audience: operator
select
    scorecard.vendor_id,
    vendors.vendor_name,
    scorecard.metric_id,
    scorecard.metric_name,
    scorecard.unit,
    scorecard.state,
    scorecard.numerator,
    scorecard.denominator,
    scorecard.accountable_numerator,
    scorecard.accountable_denominator,
    scorecard.unknown_cause_count,
    scorecard.rate,
    scorecard.threshold,
    scorecard.probability_over_threshold,
    scorecard.is_higher_better,
    scorecard.window_start,
    scorecard.window_end,
    count(distinct missed.order_id) as missed_order_count,
    sum(missed.gmv) as gmv_at_stake
from marts.mart_vendor_scorecard as scorecard
inner join marts.dim_vendors as vendors
    on scorecard.vendor_id = vendors.vendor_id
left join marts.mart_vendor_metric_lines as missed
    on
        scorecard.vendor_id = missed.vendor_id
        and scorecard.metric_id = missed.metric_id
        and scorecard.window_start <= missed.membership_date
        and scorecard.window_end > missed.membership_date
        and missed.is_counted
        and case
            -- of a score, the reviews below the limit
            when scorecard.unit = 'score'
                then missed.numerator_value < scorecard.threshold * missed.denominator_value
            when scorecard.unit = 'hours' then scorecard.threshold < missed.numerator_value
            else scorecard.is_higher_better <> missed.in_numerator
        end
where
    scorecard.window_end = $window_end
    and scorecard.is_judged
    and scorecard.unit <> 'points'
    and scorecard.state in ('act', 'watch')
group by
    scorecard.vendor_id,
    vendors.vendor_name,
    scorecard.metric_id,
    scorecard.metric_name,
    scorecard.unit,
    scorecard.state,
    scorecard.numerator,
    scorecard.denominator,
    scorecard.accountable_numerator,
    scorecard.accountable_denominator,
    scorecard.unknown_cause_count,
    scorecard.rate,
    scorecard.threshold,
    scorecard.probability_over_threshold,
    scorecard.is_higher_better,
    scorecard.window_start,
    scorecard.window_end
order by
    scorecard.vendor_id asc,
    scorecard.metric_id asc
