{{ config(materialized='table') }}

with events as (

    select
        'orders' as feed,
        order_date as event_date
    from {{ ref('stg_marketplace__orders') }}
    union all
    select
        'order_lines' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__order_lines') }}
    union all
    select
        'order_events' as feed,
        {{ business_date('occurred_at') }} as event_date
    from {{ ref('stg_marketplace__order_events') }}
    union all
    select
        'payments' as feed,
        {{ business_date('paid_at') }} as event_date
    from {{ ref('stg_marketplace__payments') }}
    union all
    select
        'shipments' as feed,
        {{ business_date('shipped_at') }} as event_date
    from {{ ref('stg_marketplace__shipments') }}
    union all
    select
        'products' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__products') }}
    union all
    select
        'categories' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__categories') }}
    union all
    select
        'customers' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__customers') }}
    union all
    select
        'vendors' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__vendors') }}
    union all
    select
        'reviews' as feed,
        {{ business_date('created_at') }} as event_date
    from {{ ref('stg_marketplace__reviews') }}
    union all
    select
        'leads' as feed,
        {{ business_date('created_at') }} as event_date
    from {{ ref('stg_marketplace__leads') }}
    union all
    select
        'vendor_applications' as feed,
        {{ business_date('applied_at') }} as event_date
    from {{ ref('stg_marketplace__vendor_applications') }}

),

days_with_rows as (

    select
        feed,
        event_date,
        count(*) as row_count
    from events
    group by feed, event_date

),

counted as (

    select
        feed,
        cast(sum(row_count) as bigint) as row_count,
        count(event_date) as day_count,
        min(event_date) as first_event_date,
        max(event_date) as last_event_date
    from days_with_rows
    group by feed

),

calendar as (

    select
        counted.feed,
        {{ days_after('counted.first_event_date', 'numbers.number_value') }} as calendar_date
    from {{ ref('int_numbers_spined') }} as numbers
    inner join counted
        on
            numbers.number_value
            <= {{ days_between('counted.first_event_date', 'counted.last_event_date') }}

),

{# How an engine numbers the days of the week does not matter here: it only tells them apart. #}
weekdays as (

    select
        calendar.feed,
        dayofweek(calendar.calendar_date) as weekday_number,
        count(*) as day_count,
        count(days_with_rows.event_date) as filled_day_count
    from calendar
    left join days_with_rows
        on
            calendar.feed = days_with_rows.feed
            and calendar.calendar_date = days_with_rows.event_date
    group by calendar.feed, dayofweek(calendar.calendar_date)

),

{# A day without a row is a gap only on weekdays of which at least half have one: parcels are not
   handed over on Sundays, and not every day somebody applies. #}
gaps as (

    select
        feed,
        cast(sum(day_count - filled_day_count) as bigint) as missing_day_count
    from weekdays
    where filled_day_count >= 0.5 * day_count
    group by feed

)

select
    -- ids
    counted.feed,

    -- numbers
    counted.row_count,
    gaps.missing_day_count,
    cast(
        {{ days_between('counted.first_event_date', 'counted.last_event_date') }} + 1 as double
    ) / nullif(counted.day_count, 0) as days_per_day_with_rows,

    -- dates
    counted.first_event_date,
    counted.last_event_date
from counted
left join gaps
    on counted.feed = gaps.feed
