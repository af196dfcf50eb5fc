{{ config(materialized='table') }}

with windows as (

    select * from {{ ref('int_metric_windows_spined') }}

),

vendors as (

    select * from {{ ref('int_order_lines_summed_to_vendor') }}

),

{# A window is judged with what was known at its end. #}
summed as (

    select
        units.vendor_id,
        units.metric_id,
        windows.window_end,
        sum(
            case
                when coalesce(units.numerator_from < windows.window_end, true)
                    then units.numerator_value
                else 0
            end
        ) as numerator,
        sum(units.denominator_value) as denominator
    from {{ ref('int_vendor_units_counted') }} as units
    inner join windows
        on
            units.metric_id = windows.metric_id
            and units.membership_date >= windows.window_start
            and units.membership_date < windows.window_end
    where
        coalesce(units.counts_from < windows.window_end, true)
        and coalesce(units.counts_until >= windows.window_end, true)
    group by units.vendor_id, units.metric_id, windows.window_end

)

select
    -- ids
    vendors.vendor_id,
    windows.metric_id,
    vendors.category_id,

    -- text
    windows.metric_name,
    windows.unit,

    -- numbers
    windows.metric_version,
    windows.window_days,
    windows.threshold,
    cast(coalesce(summed.numerator, 0) as bigint) as numerator,
    cast(coalesce(summed.denominator, 0) as bigint) as denominator,

    -- booleans
    windows.is_higher_better,

    -- dates
    windows.window_start,
    windows.window_end
from vendors
-- every vendor that sold before the window's end has a row: no data is said, not left out
inner join windows
    on vendors.first_order_date < windows.window_end
left join summed
    on
        vendors.vendor_id = summed.vendor_id
        and windows.metric_id = summed.metric_id
        and windows.window_end = summed.window_end
