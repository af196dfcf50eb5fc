-- audience: operator
select
    device,
    channel,
    sum(sessions) as sessions,
    sum(viewed) as viewed,
    sum(added_to_cart) as added_to_cart,
    sum(began_checkout) as began_checkout,
    sum(purchased) as purchased,
    sum(converted_sessions) as converted_sessions,
    sum(bot_sessions) as bot_sessions,
    sum(test_sessions) as test_sessions
from marts.mart_funnel_daily
where session_date >= $first_day and session_date < $end_day
group by device, channel
