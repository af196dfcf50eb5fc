{# Where half and nine in ten of a vendor's durations end. The interval of the median is one of
   order statistics, free of any distribution: the ranks n/2 -/+ 1.2816 sqrt(n)/2 hold it in 80 of
   100 cases (Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2; normal approximation
   of the binomial, rounded outwards). #}
{%- set half_z = 0.6408 %}
with windows as (

    select * from {{ ref('int_metric_windows_spined') }}
    where unit = 'hours'

),

ranked as (

    select
        units.vendor_id,
        units.metric_id,
        windows.window_kind,
        windows.window_end,
        units.numerator_value as hours,
        row_number() over in_order as place,
        count(*) over (
            partition by
                units.vendor_id, units.metric_id, windows.window_kind, windows.window_end
        ) as unit_count
    from {{ ref('int_vendor_units_counted') }} as units
    inner join windows
        on
            units.metric_id = windows.metric_id
            and units.membership_date >= windows.window_start
            and units.membership_date < windows.window_end
    where
        {{ counts_at_end_of('windows') }}
    window in_order as (
        partition by units.vendor_id, units.metric_id, windows.window_kind, windows.window_end
        order by units.numerator_value asc nulls last, units.unit_id asc nulls last
    )

),

placed as (

    select
        *,
        cast(unit_count as double) / 2 - {{ half_z }} * sqrt(cast(unit_count as double))
            as lower_place,
        cast(unit_count as double) / 2 + 1 + {{ half_z }} * sqrt(cast(unit_count as double))
            as upper_place
    from ranked

)

select
    -- ids
    vendor_id,
    metric_id,

    -- text
    window_kind,

    -- numbers
    cast(median(cast(hours as double)) as double) as median_hours,
    cast(max(case when place <= greatest(lower_place, 1) then hours end) as double)
        as median_hours_lower,
    cast(
        coalesce(min(case when place >= upper_place then hours end), max(hours)) as double
    ) as median_hours_upper,
    cast(min(case when place >= 0.9 * unit_count then hours end) as double) as p90_hours,

    -- dates
    window_end
from placed
group by vendor_id, metric_id, window_kind, window_end
