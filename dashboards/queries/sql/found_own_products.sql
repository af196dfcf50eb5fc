-- audience: vendor
select
    vendor_id,
    product_id,
    product_name,
    category_name,
    order_count
from marts.dim_products
where
    vendor_id = $vendor_id
    and (
        contains(lower(product_id), lower($search))
        or contains(lower(product_name), lower($search))
    )
order by
    case when lower(product_id) = lower($search) then 0 else 1 end,
    order_count desc,
    product_id asc
limit $row_limit
