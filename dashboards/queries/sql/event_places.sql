-- audience: operator
select
    sum(events) as events,
    sum(visitorless_events) as visitorless_events,
    sum(late_events) as late_events
from marts.mart_events_daily
where event_date >= $first_day and event_date < $end_day
