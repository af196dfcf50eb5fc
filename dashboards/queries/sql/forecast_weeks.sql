-- audience: operator
select
    forecast_date,
    period_end_date,
    issued_on,
    y_mean,
    y_lower,
    y_upper,
    y,
    model,
    interval_status
from marts.mart_forecast
where
    series_kind = 'marketplace'
    and frequency = 'week'
    and interval_level = 80
qualify dense_rank() over (order by issued_on desc nulls last) = 1
order by forecast_date
