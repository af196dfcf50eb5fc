{{ config(materialized='table') }}

{# What tomorrow's end says otherwise than today's of the units of vendors that can do something: as
   they are if nothing happens (`action_id` is NULL), and as each action leaves those that it
   changes. Judged by the SQL of the scorecard. #}
with offered as (

    select * from {{ ref('int_vendor_actions_offered') }}

),

parts_due as (

    select distinct
        order_id,
        vendor_id
    from {{ ref('fct_order_lines') }}
    where
        vendor_id in (select offered.vendor_id from offered)
        and (ship_by_date = {{ as_of_end_date() }} or promised_date = {{ as_of_end_date() }})

),

lines_left as (

    select order_lines.*
    from {{ ref('fct_order_lines') }} as order_lines
    inner join parts_due
        on
            order_lines.order_id = parts_due.order_id
            and order_lines.vendor_id = parts_due.vendor_id

),

-- the columns that parts are judged by, and those of them that shipping changes
lines_shipped as (

    select
        lines_left.order_id,
        lines_left.vendor_id,
        lines_left.order_line_id,
        lines_left.fulfilled_by,
        lines_left.ship_by_at,
        lines_left.ship_by_date,
        lines_left.promised_at,
        lines_left.promised_date,
        lines_left.delivered_date,
        lines_left.cancelled_date,
        lines_left.order_date,
        lines_left.is_late,
        lines_left.is_late_by_date,
        lines_left.is_in_gmv_net,
        lines_left.is_lost_by_vendor,
        lines_left.is_dropped_before_shipping,
        coalesce(lines_left.is_shipped_late, lines_left.shipped_at > lines_left.ship_by_at, false)
            as is_shipped_late,
        coalesce(lines_left.shipped_at, lines_left.ship_by_at) as shipped_at
    from lines_left
    inner join offered
        on
            lines_left.order_id = offered.order_id
            and lines_left.vendor_id = offered.vendor_id
            and offered.action_id = 'ship_due'

),

parts_left as (

    {{ vendor_orders_judged('lines_left', days_after(as_of_end_date(), 1)) }}

),

parts_shipped as (

    {{ vendor_orders_judged('lines_shipped', days_after(as_of_end_date(), 1)) }}

),

foreseen as (

    select
        parts_left.*,
        cast(null as string) as action_id
    from parts_left
    union all
    select
        parts_shipped.*,
        'ship_due' as action_id
    from parts_shipped

)

select
    -- ids
    action_id,
    metric_id,
    vendor_id,
    order_id as unit_id,
    order_id,

    -- numbers
    cast(case when is_in_numerator then 1 else 0 end as bigint) as numerator_value,
    cast(1 as bigint) as denominator_value,

    -- dates
    membership_date,
    counts_from,
    counts_until,
    numerator_from
from foreseen
