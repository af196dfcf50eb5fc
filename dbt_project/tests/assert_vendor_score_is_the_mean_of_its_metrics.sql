-- the score is the mean of its metrics' points by their weights, half a weighted point aside, where
-- those with data have half of the weights
with scored as (

    select
        vendor_id,
        window_end,
        numerator,
        denominator
    from {{ ref('mart_vendor_scorecard') }}
    where unit = 'points'

),

metrics as (

    select
        scorecard.vendor_id,
        scorecard.window_end,
        weights.weight,
        scorecard.rate_estimate is not null as has_data,
        least(
            greatest(
                100 - 50 * case
                    when scorecard.unit = 'score'
                        then (5 - scorecard.rate_estimate) / (5 - scorecard.threshold)
                    when scorecard.is_higher_better
                        then (1 - scorecard.rate_estimate) / (1 - scorecard.threshold)
                    else scorecard.rate_estimate / scorecard.threshold
                end,
                0
            ),
            100
        ) as points
    from {{ ref('mart_vendor_scorecard') }} as scorecard
    inner join {{ ref('vendor_score_weights') }} as weights
        on
            scorecard.metric_id = weights.metric_id
            and scorecard.window_end > weights.valid_from
            and coalesce(
                weights.valid_to >= {{ days_before('scorecard.window_end', 1) }}, true
            )
    where scorecard.is_judged and weights.weight > 0

),

recounted as (

    select
        vendor_id,
        window_end,
        sum(case when has_data then weight * points end) as numerator,
        sum(case when has_data then weight end) as denominator
    from metrics
    group by vendor_id, window_end
    having 2 * sum(case when has_data then weight end) >= sum(weight)

)

select
    scored.vendor_id,
    scored.window_end,
    scored.numerator,
    scored.denominator,
    recounted.numerator as recounted_numerator,
    recounted.denominator as recounted_denominator
from scored
left join recounted
    on scored.vendor_id = recounted.vendor_id and scored.window_end = recounted.window_end
where
    scored.denominator <> coalesce(recounted.denominator, 0)
    or abs(scored.numerator - coalesce(recounted.numerator, 0)) > 0.501
