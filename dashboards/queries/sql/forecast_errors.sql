-- audience: operator
select
    wape,
    naive_wape,
    bias,
    coverage,
    interval_count,
    origin_count
from marts.mart_forecast_accuracy
where
    series_kind = 'marketplace'
    and frequency = 'week'
    and size_band = 'all'
    and horizon = 0
    and interval_level = 80
