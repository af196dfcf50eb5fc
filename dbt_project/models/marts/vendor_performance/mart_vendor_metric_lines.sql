{{ config(
    materialized='incremental',
    partition_by=['membership_date'],
    meta={'days_are_compared': true}
) }}

with units as (

    select * from {{ ref('int_vendor_units_counted') }}

),

windows as (

    select * from {{ ref('int_metric_windows_spined') }}

),

current_metrics as (

    select
        metric_id,
        max(metric_version) as metric_version,
        max(mature_before) as mature_before
    from windows
    where is_judged and window_end = {{ as_of_end_date() }}
    group by metric_id

),

vendor_orders as (

    select * from {{ ref('fct_vendor_orders') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

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
            and {{ counts_at_end_of('windows') }}
    )

)

select
    -- ids
    counted.vendor_id,
    counted.metric_id,
    counted.unit_id,
    counted.order_id,
    counted.order_line_id,

    -- text
    counted.unit_kind,
    counted.fault_class,
    coalesce(order_lines.status, vendor_orders.status) as status,
    vendor_orders.currency_code,
    coalesce(order_lines.ship_by_basis, vendor_orders.ship_by_basis) as ship_by_basis,

    -- numbers: of the line where the unit is one, else of the vendor's part of the order
    current_metrics.metric_version,
    counted.numerator_value,
    counted.denominator_value,
    case when order_lines.order_id is null then vendor_orders.line_count else 1 end as line_count,
    case when order_lines.order_id is null then vendor_orders.gmv else order_lines.gmv end as gmv,
    case when order_lines.order_id is null then vendor_orders.gmv_net else order_lines.gmv_net end
        as gmv_net,

    -- booleans
    counted.is_in_numerator as in_numerator,
    counted.is_accountable,
    coalesce(counted.counts_until >= {{ as_of_end_date() }}, true) as is_counted,
    counted.membership_date < current_metrics.mature_before as is_mature,

    -- dates
    counted.membership_date,
    counted.counts_from,
    counted.counts_until,
    counted.numerator_from,
    vendor_orders.order_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    coalesce(order_lines.ship_by_at, vendor_orders.ship_by_at) as ship_by_at,
    coalesce(order_lines.shipped_at, vendor_orders.shipped_at) as shipped_at,
    coalesce(order_lines.promised_at, vendor_orders.promised_at) as promised_at,
    coalesce(order_lines.delivered_at, vendor_orders.delivered_at) as delivered_at
from counted
-- an offer's day has no order, nor has a question that names none
left join vendor_orders
    on counted.order_id = vendor_orders.order_id and counted.vendor_id = vendor_orders.vendor_id
left join order_lines
    on
        counted.order_id = order_lines.order_id
        and counted.order_line_id = order_lines.order_line_id
left join current_metrics
    on counted.metric_id = current_metrics.metric_id
