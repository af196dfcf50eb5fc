{{ config(materialized='table') }}

with feed_days as (

    select * from {{ ref('stg_kontor__feed_days') }}

),

{# What is dated after the last day that counts stands in the feed, and is no news of it yet. #}
days_with_rows as (

    select
        feed,
        event_date
    from feed_days
    where event_date < {{ as_of_end_date() }}

),

standing as (

    select
        feed,
        cast(sum(row_count) as bigint) as row_count
    from feed_days
    group by feed

),

dated as (

    select
        feed,
        count(*) as day_count,
        min(event_date) as first_event_date,
        max(event_date) as last_event_date
    from days_with_rows
    group by feed

),

calendar as (

    select
        dated.feed,
        {{ days_after('dated.first_event_date', 'numbers.number_value') }} as calendar_date
    from {{ ref('int_numbers_spined') }} as numbers
    inner join dated
        on
            numbers.number_value
            <= {{ days_between('dated.first_event_date', 'dated.last_event_date') }}

),

{# How an engine numbers the days of the week does not matter here: it only tells them apart. #}
weekdays as (

    select
        calendar.feed,
        {{ iso_weekday('calendar.calendar_date') }} as weekday_number,
        count(*) as day_count,
        count(days_with_rows.event_date) as filled_day_count
    from calendar
    left join days_with_rows
        on
            calendar.feed = days_with_rows.feed
            and calendar.calendar_date = days_with_rows.event_date
    group by calendar.feed, {{ iso_weekday('calendar.calendar_date') }}

),

{# A day without a row is a gap only on weekdays of which four in five have one: parcels are not
   handed over on Sundays, and not every day somebody applies. #}
gaps as (

    select
        feed,
        cast(sum(day_count - filled_day_count) as bigint) as missing_day_count
    from weekdays
    where filled_day_count >= 0.8 * day_count
    group by feed

)

select
    -- ids
    standing.feed,

    -- numbers
    standing.row_count,
    gaps.missing_day_count,
    cast(
        {{ days_between('dated.first_event_date', 'dated.last_event_date') }} + 1 as double
    ) / nullif(dated.day_count, 0) as days_per_day_with_rows,

    -- dates
    dated.first_event_date,
    dated.last_event_date
from standing
left join dated
    on standing.feed = dated.feed
left join gaps
    on standing.feed = gaps.feed
