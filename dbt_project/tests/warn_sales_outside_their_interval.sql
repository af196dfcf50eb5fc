-- the last week that is over, as it was foretold the week before; one in ten may lie outside
select
    series_kind || ' ' || coalesce(category_name, series_id) as subject_id,
    y,
    y_lower,
    y_upper
from {{ ref('mart_forecast') }}
where
    series_kind in ('marketplace', 'category')
    and frequency = 'week'
    and interval_level = 90
    and horizon = 1
    and is_outside
    and period_end_date > {{ days_before(as_of_date(), 7) }}
