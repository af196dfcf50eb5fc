-- audience: operator
select
    series_kind,
    frequency,
    size_band,
    horizon,
    interval_level,
    origin_count,
    forecast_count,
    interval_count,
    wape,
    naive_wape,
    relative_mae,
    mase,
    bias,
    coverage,
    mean_width,
    winkler,
    currency_code
from marts.mart_forecast_accuracy
where
    ($series_kind is null or series_kind = $series_kind)
    and ($frequency is null or frequency = $frequency)
    and (size_band = $size_band or ($size_band is null and size_band = 'all'))
    and (($horizon = 'each') = (horizon > 0) or ($horizon is null and horizon = 0))
