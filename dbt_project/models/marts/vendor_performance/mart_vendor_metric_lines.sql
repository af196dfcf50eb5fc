with units as (

    select * from {{ ref('int_vendor_units_counted') }}

),

windows as (

    select * from {{ ref('int_metric_windows_spined') }}

),

versions as (

    select
        metric_id,
        max(metric_version) as metric_version
    from windows
    where window_end = {{ as_of_end_date() }}
    group by metric_id

),

vendor_orders as (

    select * from {{ ref('fct_vendor_orders') }}

),

-- what counted in none of the published windows is behind no number
counted as (

    select units.*
    from units
    where exists (
        select 1 as found
        from windows
        where
            windows.metric_id = units.metric_id
            and units.membership_date >= windows.window_start
            and units.membership_date < windows.window_end
            and coalesce(units.counts_from < windows.window_end, true)
            and coalesce(units.counts_until >= windows.window_end, true)
    )

)

select
    -- ids
    counted.vendor_id,
    counted.metric_id,
    counted.unit_id,
    counted.order_id,
    -- no metric counts single lines yet; one that does names its line here
    cast(null as string) as order_line_id,

    -- text
    counted.unit_kind,
    vendor_orders.status,
    vendor_orders.currency_code,

    -- numbers
    versions.metric_version,
    counted.numerator_value,
    counted.denominator_value,
    vendor_orders.line_count,
    vendor_orders.gmv,
    vendor_orders.gmv_net,

    -- booleans
    counted.is_in_numerator as in_numerator,
    coalesce(counted.counts_until >= {{ as_of_end_date() }}, true) as is_counted,

    -- dates
    counted.membership_date,
    counted.counts_from,
    counted.counts_until,
    counted.numerator_from,
    vendor_orders.order_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    vendor_orders.ship_by_at,
    vendor_orders.shipped_at,
    vendor_orders.promised_at,
    vendor_orders.delivered_at
from counted
inner join vendor_orders
    on counted.order_id = vendor_orders.order_id and counted.vendor_id = vendor_orders.vendor_id
left join versions
    on counted.metric_id = versions.metric_id
