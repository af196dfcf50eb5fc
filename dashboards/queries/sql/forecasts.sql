-- audience: operator
select
    forecast.series_kind,
    forecast.series_id,
    forecast.vendor_id,
    vendors.vendor_name,
    forecast.category_name,
    forecast.frequency,
    forecast.forecast_date,
    forecast.period_end_date,
    forecast.issued_on,
    forecast.y_mean,
    forecast.y_lower,
    forecast.y_upper,
    forecast.y,
    forecast.is_outside,
    forecast.model,
    forecast.status,
    forecast.interval_status,
    forecast.currency_code
from marts.mart_forecast as forecast
left join marts.dim_vendors as vendors
    on forecast.vendor_id = vendors.vendor_id
where
    forecast.interval_level = 80
    and (
        forecast.series_kind = $series_kind
        or ($series_kind is null and forecast.series_kind = 'marketplace')
    )
    and (
        forecast.frequency = $frequency
        or ($frequency is null and forecast.frequency = 'week')
    )
    and ($interval is null or forecast.is_outside)
