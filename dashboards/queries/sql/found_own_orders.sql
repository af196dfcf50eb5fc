-- audience: vendor
select
    vendor_id,
    order_id,
    order_date,
    status,
    currency_code,
    gmv
from marts.fct_orders
where
    vendor_id = $vendor_id
    and contains(lower(order_id), lower($search))
order by
    case when lower(order_id) = lower($search) then 0 else 1 end,
    order_date desc,
    order_id asc
limit $row_limit
