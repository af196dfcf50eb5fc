select
    vendor_id,
    vendor_name
from marts.dim_vendors
order by
    lower(vendor_name),
    vendor_id
