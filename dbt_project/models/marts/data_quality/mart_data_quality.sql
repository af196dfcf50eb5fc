with loads as (

    select * from {{ ref('int_loads_balanced') }}

),

feeds as (

    select
        feed,
        system
    from {{ ref('int_feeds_assessed') }}

)

select
    -- ids
    loads.load_id,
    loads.feed,
    feeds.system,

    -- text
    loads.source,
    loads.path,
    loads.status,
    loads.reason_code,
    loads.reason_detail,

    -- numbers
    loads.received,
    loads.applied,
    loads.unchanged,
    loads.duplicate,
    loads.quarantined,
    loads.dropped,
    loads.replaced,
    loads.late,
    {{ days_between('loads.last_event_date', as_of_date()) }} as lag_days,
    -- from the end of the newest day in the file to its arrival
    cast({{ hours_between(
        utc_start_of(days_after('loads.last_event_date', 1)), 'loads.recorded_at'
    ) }} as double) as arrival_lag_hours,

    -- booleans
    loads.is_present,
    loads.is_balanced,

    -- dates
    loads.first_event_date,
    loads.last_event_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    loads.recorded_at
from loads
left join feeds
    on loads.feed = feeds.feed
