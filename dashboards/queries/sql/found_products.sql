-- audience: operator
select
    product_id,
    product_name,
    category_name,
    order_count
from marts.dim_products
where
    contains(lower(product_id), lower($search))
    or contains(lower(product_name), lower($search))
order by
    case when lower(product_id) = lower($search) then 0 else 1 end,
    order_count desc,
    product_id asc
limit $row_limit
