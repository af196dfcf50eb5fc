-- audience: operator
select
    vendor_id,
    vendor_name
from marts.dim_vendors
where
    contains(lower(vendor_id), lower($search))
    or contains(lower(vendor_name), lower($search))
order by
    case when lower(vendor_id) = lower($search) then 0 else 1 end,
    lower(vendor_name),
    vendor_id
limit $row_limit
