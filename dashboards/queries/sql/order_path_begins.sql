-- audience: operator
select
    first_channel,
    sum(converted_sessions) as converted_sessions
from marts.mart_order_paths
where window_id = $window_id
group by first_channel
order by converted_sessions desc, first_channel asc
