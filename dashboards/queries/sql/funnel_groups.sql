-- audience: operator
select
    device,
    channel,
    sum(case when session_date >= $first_day then sessions else 0 end) as sessions,
    sum(case when session_date >= $first_day then viewed else 0 end) as viewed,
    sum(case when session_date >= $first_day then added_to_cart else 0 end) as added_to_cart,
    sum(case when session_date >= $first_day then began_checkout else 0 end) as began_checkout,
    sum(case when session_date >= $first_day then purchased else 0 end) as purchased,
    sum(case when session_date >= $first_day then converted_sessions else 0 end)
        as converted_sessions,
    sum(case when session_date >= $first_day then engaged_sessions else 0 end) as engaged_sessions,
    sum(case when session_date >= $first_day then bot_sessions else 0 end) as bot_sessions,
    sum(case when session_date >= $first_day then test_sessions else 0 end) as test_sessions,
    sum(case when session_date < $first_day then sessions else 0 end) as previous_sessions,
    sum(case when session_date < $first_day then converted_sessions else 0 end)
        as previous_converted_sessions
from marts.mart_funnel_daily
where session_date >= $before_day and session_date < $end_day
group by device, channel
