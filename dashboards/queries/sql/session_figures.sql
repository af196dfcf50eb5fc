-- audience: operator
select
    sum(case when session_date >= $first_day then session_count else 0 end)
        as session_count,
    sum(case when session_date >= $first_day then converted_sessions else 0 end)
        as converted_sessions,
    sum(case when session_date >= $first_day then engaged_sessions else 0 end)
        as engaged_sessions,
    sum(case when session_date >= $first_day then judged_carts else 0 end)
        as judged_carts,
    sum(case when session_date >= $first_day then abandoned_carts else 0 end)
        as abandoned_carts,
    sum(case when session_date >= $first_day then judged_checkouts else 0 end)
        as judged_checkouts,
    sum(case when session_date >= $first_day then abandoned_checkouts else 0 end)
        as abandoned_checkouts,
    sum(case when session_date >= $first_day then judged_visitors else 0 end)
        as judged_visitors,
    sum(case when session_date >= $first_day then purchased_visitors else 0 end)
        as purchased_visitors,
    sum(case when session_date < $first_day then session_count else 0 end)
        as previous_session_count,
    sum(case when session_date < $first_day then converted_sessions else 0 end)
        as previous_converted_sessions,
    sum(case when session_date < $first_day then engaged_sessions else 0 end)
        as previous_engaged_sessions,
    sum(case when session_date < $first_day then judged_carts else 0 end)
        as previous_judged_carts,
    sum(case when session_date < $first_day then abandoned_carts else 0 end)
        as previous_abandoned_carts,
    sum(case when session_date < $first_day then judged_checkouts else 0 end)
        as previous_judged_checkouts,
    sum(case when session_date < $first_day then abandoned_checkouts else 0 end)
        as previous_abandoned_checkouts,
    sum(case when session_date < $first_day then judged_visitors else 0 end)
        as previous_judged_visitors,
    sum(case when session_date < $first_day then purchased_visitors else 0 end)
        as previous_purchased_visitors
from marts.mart_sessions_daily
where session_date >= $before_day and session_date < $end_day
