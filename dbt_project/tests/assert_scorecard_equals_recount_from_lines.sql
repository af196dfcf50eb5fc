-- every number of the scorecard is the sum of the units listed behind it, as known at its end
with displayed as (

    select
        vendor_id,
        metric_id,
        window_start,
        window_end,
        numerator,
        denominator
    from {{ ref('mart_vendor_scorecard') }}
    -- the score has no units of its own: assert_vendor_score_is_the_mean_of_its_metrics
    where unit <> 'points'

),

recounted as (

    select
        displayed.vendor_id,
        displayed.metric_id,
        displayed.window_end,
        sum(
            case
                when coalesce(units.numerator_from < displayed.window_end, true)
                    then units.numerator_value
                else 0
            end
        ) as numerator,
        sum(units.denominator_value) as denominator
    from displayed
    inner join {{ ref('mart_vendor_metric_lines') }} as units
        on
            displayed.vendor_id = units.vendor_id
            and displayed.metric_id = units.metric_id
            and displayed.window_start <= units.membership_date
            and displayed.window_end > units.membership_date
    where
        coalesce(units.counts_from < displayed.window_end, true)
        and coalesce(units.counts_until >= displayed.window_end, true)
    group by displayed.vendor_id, displayed.metric_id, displayed.window_end

)

select
    displayed.vendor_id,
    displayed.metric_id,
    displayed.window_end,
    displayed.numerator,
    displayed.denominator,
    recounted.numerator as recounted_numerator,
    recounted.denominator as recounted_denominator
from displayed
left join recounted
    on
        displayed.vendor_id = recounted.vendor_id
        and displayed.metric_id = recounted.metric_id
        and displayed.window_end = recounted.window_end
where
    displayed.numerator <> coalesce(recounted.numerator, 0)
    or displayed.denominator <> coalesce(recounted.denominator, 0)
