-- audience: operator
select count(distinct order_id) as order_count
from marts.mart_order_problems
