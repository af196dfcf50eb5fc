{# Of the vendor as a whole, by week: what a family is expected to sell is in the demand plan. #}
select
    -- ids
    vendor_id,

    -- text
    status,
    interval_status,
    currency_code,

    -- numbers
    horizon,
    y_mean,
    y_lower,
    y_upper,
    y,

    -- dates
    issued_on,
    forecast_date,
    period_end_date,
    as_of_date
from {{ ref('mart_forecast') }}
where series_kind = 'vendor' and frequency = 'week' and interval_level = 80
