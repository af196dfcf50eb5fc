-- audience: operator
select
    scorecard.vendor_id,
    vendors.vendor_name,
    scorecard.metric_id,
    scorecard.unit,
    scorecard.is_higher_better,
    scorecard.numerator,
    scorecard.denominator,
    scorecard.rate,
    scorecard.rate_estimate,
    scorecard.rate_lower,
    scorecard.rate_upper,
    scorecard.threshold,
    case
        when scorecard.is_higher_better then scorecard.rate_estimate < $threshold
        else scorecard.rate_estimate > $threshold
    end as is_beyond_then
from marts.mart_vendor_scorecard as scorecard
inner join marts.dim_vendors as vendors
    on scorecard.vendor_id = vendors.vendor_id
where
    scorecard.metric_id = $metric_id
    and scorecard.window_end = $window_end
    and scorecard.is_judged
    and scorecard.rate_estimate is not null
    and ($country_code is null or vendors.country_code = $country_code)
    and ($category_id is null or vendors.category_id = $category_id)
    and case
        when scorecard.is_higher_better
            then
                (scorecard.rate_estimate < $threshold)
                <> (scorecard.rate_estimate < scorecard.threshold)
        else
            (scorecard.rate_estimate > $threshold)
            <> (scorecard.rate_estimate > scorecard.threshold)
    end
order by
    is_beyond_then desc nulls last,
    scorecard.rate_estimate desc nulls last,
    scorecard.vendor_id asc nulls last
