{# How good the forecasts were that would have been issued in the past: models and intervals of each
   origin were chosen by what had come true by then. Horizon 0 is all steps, band all every size. #}
with origins as (

    select
        *,
        abs(y_mean - y) as absolute_error,
        abs(y_naive - y) as naive_error,
        abs(y_mean - y) / nullif(seasonal_mae, 0) as scaled_error,
        abs(y_naive - y) / nullif(seasonal_mae, 0) as scaled_naive_error,
        case when y_upper is not null then 1 - cast(interval_level as double) / 100 end as alpha,
        case
            when y between y_lower and y_upper then 1
            when y_upper is not null then 0
        end as is_covered
    from {{ source('predictions', 'sales_forecasts') }}
    where not is_issued

),

scored as (

    select
        *,
        {# Winkler 1972: the width, and what lies outside times 2 / alpha. #}
        y_upper - y_lower
        + greatest(y_lower - y, 0) * 2 / nullif(alpha, 0)
        + greatest(y - y_upper, 0) * 2 / nullif(alpha, 0) as winkler_score
    from origins

),

by_horizon as (

    select
        *,
        horizon as scope_horizon
    from scored
    union all
    select
        *,
        cast(0 as bigint) as scope_horizon
    from scored

),

by_band as (

    select
        *,
        size_band as scope_band
    from by_horizon
    union all
    select
        *,
        'all' as scope_band
    from by_horizon

)

select
    -- text
    series_kind,
    frequency,
    scope_band as size_band,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    scope_horizon as horizon,
    interval_level,
    count(distinct issued_on) as origin_count,
    count(distinct series_id) as series_count,
    count(*) as forecast_count,
    count(is_covered) as interval_count,
    {{ ratio(steady_sum('absolute_error'), steady_sum('abs(y)')) }} as wape,
    {{ ratio(steady_sum('naive_error'), steady_sum('abs(y)')) }} as naive_wape,
    {{ ratio(steady_sum('absolute_error'), steady_sum('naive_error')) }} as relative_mae,
    {{ ratio(steady_sum('scaled_error'), 'count(scaled_error)') }} as mase,
    {{ ratio(steady_sum('scaled_naive_error'), 'count(scaled_naive_error)') }} as naive_mase,
    {{ ratio(steady_sum('y_mean - y'), steady_sum('y')) }} as bias,
    {{ money(rounded('avg(y_mean - y)')) }} as mean_error,
    {{ ratio('sum(is_covered)', 'count(is_covered)') }} as coverage,
    {{ money(rounded('avg(y_upper - y_lower)')) }} as mean_width,
    {{ money(rounded('avg(winkler_score)')) }} as winkler,

    -- dates
    min(issued_on) as first_issued_on,
    max(issued_on) as last_issued_on,
    {{ as_of_date() }} as as_of_date
from by_band
group by series_kind, frequency, scope_band, scope_horizon, interval_level
