-- audience: operator
select
    channel_path,
    converted_sessions,
    visit_count,
    day_count
from marts.mart_order_paths
where window_id = $window_id and first_channel = $first_channel
order by converted_sessions desc, channel_path asc
limit 15
