-- audience: operator
select
    scorecard.vendor_id,
    vendors.vendor_name,
    vendors.country_code,
    vendors.category_id,
    vendors.category_name,
    scorecard.metric_id,
    scorecard.metric_name,
    scorecard.unit,
    scorecard.is_higher_better,
    scorecard.numerator,
    scorecard.denominator,
    scorecard.rate,
    scorecard.accountable_rate,
    scorecard.unknown_cause_count,
    scorecard.rate_estimate,
    scorecard.rate_lower,
    scorecard.rate_upper,
    scorecard.threshold,
    scorecard.probability_over_threshold,
    judged.state,
    judged.rate as judged_rate,
    judged.accountable_rate as judged_accountable_rate,
    judged.state_by_fixed_prior,
    scorecard.prior_group,
    scorecard.prior_weight,
    scores.rate as vendor_score,
    scores.score_weight_share,
    scores.worst_metric_id,
    scorecard.excess_units,
    case judged.state
        when 'act' then 1
        when 'watch' then 2
        when 'ok' then 3
        else 4
    end as state_rank
from marts.mart_vendor_scorecard as scorecard
inner join marts.mart_vendor_scorecard as judged
    on
        scorecard.vendor_id = judged.vendor_id
        and scorecard.metric_id = judged.metric_id
        and scorecard.window_end = judged.window_end
        and judged.is_judged
inner join marts.dim_vendors as vendors
    on scorecard.vendor_id = vendors.vendor_id
left join marts.mart_vendor_scorecard as scores
    on
        scorecard.vendor_id = scores.vendor_id
        and scorecard.window_end = scores.window_end
        and scores.unit = 'points'
where
    scorecard.is_current
    and case
        when $window_kind is null then scorecard.is_judged
        else scorecard.window_kind = $window_kind
    end
    and ($metric is null and scorecard.unit <> 'points' or scorecard.metric_id = $metric)
    and ($state is null or judged.state = $state)
    and ($country is null or vendors.country_code = $country)
    and ($category is null or vendors.category_id = $category)
    and (
        $search is null
        or contains(lower(vendors.vendor_name), lower($search))
        or contains(lower(scorecard.vendor_id), lower($search))
    )
