-- audience: operator, vendor
select
    vendor_id,
    vendor_name,
    status,
    city,
    category_name,
    first_order_date,
    last_order_date,
    as_of_date
from marts.dim_vendors
where vendor_id = $vendor_id
