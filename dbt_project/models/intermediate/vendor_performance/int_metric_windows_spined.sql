{{ config(materialized='table') }}

{# A metric is judged over its own window, now and at past month starts. Beside it stand, as of now
   only, four other lengths and the year so far: they are to look at, and judge nobody. The score of
   all is made of what is judged. #}
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

),

lengths as (

    select 7 as length_days
    union all
    select 30 as length_days
    union all
    select 60 as length_days
    union all
    select 90 as length_days

),

spans as (

    select
        metrics.metric_id,
        metrics.version,
        'days_' || cast(metrics.window_days as string) as window_kind,
        true as is_judged,
        {{ days_before('window_ends.window_end', 'metrics.window_days') }} as window_start,
        window_ends.window_end
    from window_ends
    inner join first_orders
        on window_ends.window_end > first_orders.first_order_date
    -- the version that was valid on the window's last day
    inner join metrics
        on
            window_ends.window_end > metrics.valid_from
            and coalesce(
                metrics.valid_to >= {{ days_before('window_ends.window_end', 1) }}, true
            )
    union all
    select
        metrics.metric_id,
        metrics.version,
        'days_' || cast(lengths.length_days as string) as window_kind,
        false as is_judged,
        {{ days_before(as_of_end_date(), 'lengths.length_days') }} as window_start,
        {{ as_of_end_date() }} as window_end
    from metrics
    inner join lengths
        on metrics.window_days <> lengths.length_days
    where
        metrics.unit <> 'points'
        and metrics.valid_from <= {{ as_of_date() }}
        and coalesce(metrics.valid_to >= {{ as_of_date() }}, true)
    union all
    select
        metrics.metric_id,
        metrics.version,
        'year_to_date' as window_kind,
        false as is_judged,
        cast(date_trunc('year', {{ as_of_date() }}) as date) as window_start,
        {{ as_of_end_date() }} as window_end
    from metrics
    where
        metrics.unit <> 'points'
        and metrics.valid_from <= {{ as_of_date() }}
        and coalesce(metrics.valid_to >= {{ as_of_date() }}, true)

)

select
    -- ids
    spans.metric_id,

    -- text
    spans.window_kind,
    metrics.name as metric_name,
    metrics.unit,

    -- numbers
    metrics.version as metric_version,
    metrics.window_days,
    metrics.maturity_days,
    metrics.threshold,

    -- booleans
    spans.is_judged,
    metrics.is_higher_better,

    -- dates
    spans.window_start,
    spans.window_end,
    {{ days_before('spans.window_end', 'metrics.maturity_days') }} as mature_before
from spans
inner join metrics
    on spans.metric_id = metrics.metric_id and spans.version = metrics.version
