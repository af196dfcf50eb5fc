-- audience: operator
-- the last issue: thirteen weeks, the next one first
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
order by issued_on desc, forecast_date asc
limit 13
