{{ config(materialized='table') }}

with metrics as (

    select * from {{ ref('metric_registry') }}
    where is_scored

),

first_orders as (

    select min(order_date) as first_order_date
    from {{ ref('int_orders_resolved') }}

),

window_ends as (

    select {{ as_of_end_date() }} as window_end
    union
    -- the month starts before it, so that a trend compares windows that never change any more
    select
        cast(
            date_trunc('month', {{ as_of_date() }}) - number_value * interval '1' month as date
        ) as window_end
    from {{ ref('int_numbers_spined') }}
    where number_value < {{ var('scorecard_history_months') }}

)

select
    -- ids
    metrics.metric_id,

    -- text
    metrics.name as metric_name,
    metrics.unit,

    -- numbers
    metrics.version as metric_version,
    metrics.window_days,
    metrics.threshold,

    -- booleans
    metrics.is_higher_better,

    -- dates
    {{ days_before('window_ends.window_end', 'metrics.window_days') }} as window_start,
    window_ends.window_end
from window_ends
inner join first_orders
    on window_ends.window_end > first_orders.first_order_date
-- the version that was valid on the window's last day
inner join metrics
    on
        window_ends.window_end > metrics.valid_from
        and coalesce(metrics.valid_to >= {{ days_before('window_ends.window_end', 1) }}, true)
