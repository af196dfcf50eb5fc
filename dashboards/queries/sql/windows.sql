-- audience: operator, vendor
-- shared: yes
select
    window_id,
    window_days
from marts.mart_trailing_windows
order by window_days nulls last
