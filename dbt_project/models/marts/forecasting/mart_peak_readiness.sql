{# The next sale or peak, what last year's brought, and whose stock would not last through it at
   that pace. A forecast of weeks does not reach as far: today's pace is taken, with what the peak
   brings. #}
with events as (

    select * from {{ ref('mart_event_effect') }}
    where kind in ('sale', 'peak')

),

next_peaks as (

    select
        *,
        row_number() over (
            order by first_date asc nulls last, kind asc nulls last, event_name asc nulls last
        ) as nth
    from events
    where first_date > {{ as_of_date() }}

),

likes as (

    select
        next_peaks.event_name,
        next_peaks.first_date,
        next_peaks.last_date,
        earlier.event_name as like_event_name,
        earlier.effect as like_effect,
        earlier.effect_lower as like_effect_lower,
        earlier.effect_upper as like_effect_upper,
        {{ days_between('earlier.first_date', 'earlier.last_date') }} + 1 as like_days,
        row_number() over (
            order by earlier.effect desc nulls last, earlier.event_name asc nulls last
        ) as nth
    from next_peaks
    left join events as earlier
        on
            earlier.status = 'measured'
            -- about a year before, to the weekday
            and earlier.first_date >= {{ days_before('next_peaks.first_date', 378) }}
            and earlier.first_date <= {{ days_before('next_peaks.first_date', 350) }}
    where next_peaks.nth = 1

),

paced as (

    select
        demand.*,
        likes.event_name,
        likes.first_date,
        likes.last_date,
        likes.like_event_name,
        likes.like_effect,
        likes.like_effect_lower,
        likes.like_effect_upper,
        greatest(
            coalesce(likes.like_days, 0),
            {{ days_between('likes.first_date', 'likes.last_date') }} + 1
        ) as peak_days
    from {{ ref('mart_demand_plan') }} as demand
    cross join likes
    where likes.nth = 1 and demand.expected_quantity > 0

),

needed as (

    select
        *,
        ceil(
            cast(expected_quantity as double) / 28 * peak_days
            * (1 + greatest(coalesce(like_effect_upper, 0), 0))
        ) as units_needed
    from paced

)

select
    -- ids
    vendor_id,
    category_id,

    -- text
    category_name,
    event_name,
    like_event_name,

    -- numbers
    cast(peak_days as bigint) as peak_days,
    like_effect,
    like_effect_lower,
    like_effect_upper,
    expected_quantity,
    {{ units('units_needed') }} as quantity_needed,
    quantity_available,
    quantity_incoming,

    -- booleans
    quantity_available + quantity_incoming < units_needed as is_at_risk,

    -- dates
    first_date,
    last_date,
    {{ as_of_date() }} as as_of_date
from needed
