-- audience: vendor
-- the last issue: thirteen weeks, the next one first
select
    vendor_id,
    forecast_date,
    period_end_date,
    issued_on,
    y_mean,
    y_lower,
    y_upper,
    y,
    interval_status
from marts.mart_forecast
where vendor_id = $vendor_id
order by issued_on desc, forecast_date asc
limit 13
