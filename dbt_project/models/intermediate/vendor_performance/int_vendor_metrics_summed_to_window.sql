{{ config(materialized='table') }}

with windows as (

    select * from {{ ref('int_metric_windows_spined') }}

),

vendors as (

    select * from {{ ref('int_order_lines_summed_to_vendor') }}

),

units as (

    select * from {{ ref('int_vendor_units_counted') }}

),

summed as (

    {{ vendor_units_summed('units', 'windows') }}

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
    cast(coalesce(summed.numerator_squares, 0) as bigint) as numerator_squares,
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
