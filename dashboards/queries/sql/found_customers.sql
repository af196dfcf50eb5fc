-- audience: operator
select
    customer_id,
    customer_type,
    country_code,
    order_count,
    last_order_date,
    case when $named is not null then customer_name end as customer_name
from marts.dim_customers
where
    contains(lower(customer_id), lower($search))
    or contains(lower(customer_name), lower($named))
order by
    case when lower(customer_id) = lower($search) then 0 else 1 end,
    order_count desc,
    customer_id asc
limit $row_limit
