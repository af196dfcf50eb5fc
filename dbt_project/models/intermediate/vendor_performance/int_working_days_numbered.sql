{{ config(materialized='table') }}

{# The working days of every place, counted from the first one on: Monday to Friday, without the
   holidays of the country and region, by the calendar or, in years of which it states none, by the
   library `holidays`, and without a vendor's own closures. How many lie
   between two days is the difference of two numbers. #}
with places as (

    select distinct
        place_id,
        country_code,
        region,
        closing_vendor_id
    from {{ ref('int_vendors_placed') }}

),

rests as (

    select
        country_code,
        region,
        vendor_id,
        calendar_date
    from {{ ref('stg_reference__calendar') }}
    where {{ is_day_of_rest() }}
    union all
    select
        country_code,
        region,
        'all' as vendor_id,
        holiday_date as calendar_date
    from {{ ref('stg_kontor__public_holidays') }}

),

days as (

    select order_date as calendar_date
    from {{ ref('int_days_spined') }}
    union all
    -- what is due may lie some weeks ahead; the loader knows holidays as far
    select {{ days_after(as_of_date(), 'number_value') }} as calendar_date
    from {{ ref('int_numbers_spined') }}
    where number_value between 1 and 120

),

resting as (

    select distinct
        places.place_id,
        rests.calendar_date
    from rests
    inner join places
        on
            rests.country_code in (places.country_code, 'ZZ')
            and rests.region in (places.region, 'all')
            and rests.vendor_id in (places.closing_vendor_id, 'all')

),

judged as (

    select
        places.place_id,
        days.calendar_date,
        {{ iso_weekday('days.calendar_date') }} <= 5 and resting.calendar_date is null
            as is_working_day
    from days
    cross join places
    left join resting
        on
            days.calendar_date = resting.calendar_date
            and places.place_id = resting.place_id

)

select
    -- ids
    place_id,

    -- numbers: a day of rest has the number of the working day before it
    count(case when is_working_day then 1 end) over (
        partition by place_id
        order by calendar_date asc nulls last
        rows between unbounded preceding and current row
    ) as working_day_number,

    -- booleans
    is_working_day,

    -- dates
    calendar_date
from judged
