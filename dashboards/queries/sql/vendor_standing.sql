-- audience: operator
select
    summary.vendor_id,
    summary.window_id,
    summary.gmv_rank,
    vendors.is_registered
from marts.mart_vendor_summary as summary
inner join marts.dim_vendors as vendors
    on summary.vendor_id = vendors.vendor_id
where
    summary.vendor_id = $vendor_id
    and summary.window_id = $window_id
