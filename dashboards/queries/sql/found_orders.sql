-- audience: operator
select
    order_id,
    order_date,
    status,
    currency_code,
    gmv
from marts.fct_orders
where contains(lower(order_id), lower($search))
order by
    case when lower(order_id) = lower($search) then 0 else 1 end,
    order_date desc,
    order_id asc
limit $row_limit
