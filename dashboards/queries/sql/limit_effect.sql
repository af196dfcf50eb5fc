-- audience: operator
select
    vendor_id,
    vendor_name,
    country_code,
    category_id,
    metric_id,
    unit,
    numerator,
    denominator,
    rate,
    rate_estimate,
    threshold,
    state,
    state_then,
    is_stricter_then
from (
    select
        scorecard.vendor_id,
        vendors.vendor_name,
        vendors.country_code,
        vendors.category_id,
        scorecard.metric_id,
        scorecard.unit,
        scorecard.numerator,
        scorecard.denominator,
        scorecard.rate,
        scorecard.rate_estimate,
        scorecard.threshold,
        scorecard.state,
        case
            when scorecard.is_higher_better and $threshold > acting.turning_limit then 'act'
            when not scorecard.is_higher_better and $threshold < acting.turning_limit then 'act'
            when scorecard.is_higher_better and $threshold > watching.turning_limit then 'watch'
            when not scorecard.is_higher_better and $threshold < watching.turning_limit then 'watch'
            else 'ok'
        end as state_then,
        case
            when scorecard.is_higher_better then $threshold > scorecard.threshold
            else $threshold < scorecard.threshold
        end as is_stricter_then
    from marts.mart_vendor_scorecard as scorecard
    inner join marts.dim_vendors as vendors
        on scorecard.vendor_id = vendors.vendor_id
    inner join marts.mart_vendor_rule_errors as watching
        on
            scorecard.vendor_id = watching.vendor_id
            and scorecard.metric_id = watching.metric_id
            and scorecard.window_end = watching.window_end
            and watching.level = 'watch'
    inner join marts.mart_vendor_rule_errors as acting
        on
            scorecard.vendor_id = acting.vendor_id
            and scorecard.metric_id = acting.metric_id
            and scorecard.window_end = acting.window_end
            and acting.level = 'act'
    where
        scorecard.metric_id = $metric_id
        and scorecard.window_end = $window_end
        and scorecard.is_judged
        and ($country_code is null or vendors.country_code = $country_code)
        and ($category_id is null or vendors.category_id = $category_id)
) as judged
where state <> state_then
order by
    is_stricter_then desc nulls last,
    rate_estimate desc nulls last,
    vendor_id asc nulls last
