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

{# A few rows that lie more than a year before all others are slips of a date; the days between are
   not missing, and the check of stray rows tells of them. #}
followed as (

    select
        feed,
        event_date,
        lead(event_date) over (partition by feed order by event_date asc nulls last) as next_date,
        sum(row_count) over (
            partition by feed order by event_date asc nulls last
        ) as row_count_until,
        sum(row_count) over (partition by feed) as row_count_in_all
    from feed_days
    where event_date < {{ as_of_end_date() }}

),

strays as (

    select
        feed,
        max(event_date) as last_stray_date
    from followed
    where
        {{ days_between('event_date', 'next_date') }} > 366
        and row_count_until * 2 < row_count_in_all
        and row_count_until <= greatest(3, 0.01 * row_count_in_all)
    group by feed

),

spans as (

    select
        days_with_rows.feed,
        min(days_with_rows.event_date) as first_date,
        max(days_with_rows.event_date) as last_date
    from days_with_rows
    left join strays
        on days_with_rows.feed = strays.feed
    where days_with_rows.event_date > coalesce(strays.last_stray_date, date '0001-01-01')
    group by days_with_rows.feed

),

calendar as (

    select
        spans.feed,
        {{ days_after('spans.first_date', 'numbers.number_value') }} as calendar_date
    from {{ ref('int_numbers_spined') }} as numbers
    inner join spans
        on
            numbers.number_value
            <= {{ days_between('spans.first_date', 'spans.last_date') }}

),

{# Days in a row, with rows or without, have one difference between their number among all days and
   that among their kind. #}
numbered as (

    select
        calendar.feed,
        calendar.calendar_date,
        {{ iso_weekday('calendar.calendar_date') }} as weekday_number,
        days_with_rows.event_date is not null as is_filled,
        row_number()
            over (
                partition by calendar.feed order by calendar.calendar_date asc nulls last
            )
        - row_number() over (
            partition by calendar.feed, days_with_rows.event_date is not null
            order by calendar.calendar_date asc nulls last
        ) as run_number
    from calendar
    left join days_with_rows
        on
            calendar.feed = days_with_rows.feed
            and calendar.calendar_date = days_with_rows.event_date

),

runs as (

    select
        *,
        count(*) over (partition by feed, is_filled, run_number) as run_length
    from numbered

),

{# What is usual on a weekday is told by the days outside of outages: a week without a row is one,
   for it holds every weekday. #}
weekdays as (

    select
        feed,
        weekday_number,
        {{ ratio('count_if(is_filled)', 'count(*)') }} as filled_share
    from runs
    where is_filled or run_length < 7
    group by feed, weekday_number

),

{# On some weekdays nothing is expected: parcels are not handed over on Sundays. #}
open_days as (

    select
        runs.feed,
        runs.calendar_date,
        runs.is_filled,
        coalesce(weekdays.filled_share, 1.0) as filled_share,
        row_number() over (partition by runs.feed order by runs.calendar_date asc nulls last)
        - row_number() over (
            partition by runs.feed, runs.is_filled order by runs.calendar_date asc nulls last
        ) as run_number
    from runs
    left join weekdays
        on
            runs.feed = weekdays.feed
            and runs.weekday_number = weekdays.weekday_number
    where coalesce(weekdays.filled_share, 1.0) >= 0.2

),

open_runs as (

    select
        *,
        count(*) over (partition by feed, is_filled, run_number) as run_length
    from open_days

),

{# A day alone without a row is a gap only on weekdays of which four in five have one: not every day
   somebody applies. Days in a row are one, whatever the weekday. #}
gaps as (

    select
        feed,
        cast(
            count_if(not is_filled and (filled_share >= 0.8 or run_length >= 2)) as bigint
        ) as missing_day_count
    from open_runs
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
