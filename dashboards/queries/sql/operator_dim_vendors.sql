select
    vendor_id,
    vendor_name,
    category_name,
    is_registered
from marts.dim_vendors
where vendor_id = $vendor_id
