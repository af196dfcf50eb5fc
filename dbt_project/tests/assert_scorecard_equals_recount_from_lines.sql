-- every number of the scorecard is the sum of the lines listed behind it
with recounted as (

    select
        vendor_id,
        metric_id,
        window_end,
        sum(numerator_value) as numerator,
        sum(denominator_value) as denominator
    from {{ ref('mart_vendor_metric_lines') }}
    group by vendor_id, metric_id, window_end

),

displayed as (

    select
        vendor_id,
        metric_id,
        window_end,
        numerator,
        denominator
    from {{ ref('mart_vendor_scorecard') }}

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
full outer join recounted
    on
        displayed.vendor_id = recounted.vendor_id
        and displayed.metric_id = recounted.metric_id
        and displayed.window_end = recounted.window_end
where
    displayed.vendor_id is null
    or displayed.numerator <> coalesce(recounted.numerator, 0)
    or displayed.denominator <> coalesce(recounted.denominator, 0)
