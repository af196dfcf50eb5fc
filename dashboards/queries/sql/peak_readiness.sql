-- audience: operator
select
    readiness.vendor_id,
    vendors.vendor_name,
    readiness.category_id,
    readiness.category_name,
    readiness.event_name,
    readiness.expected_quantity,
    readiness.quantity_needed,
    readiness.quantity_available,
    readiness.quantity_incoming,
    readiness.is_at_risk
from marts.mart_peak_readiness as readiness
left join marts.dim_vendors as vendors
    on readiness.vendor_id = vendors.vendor_id
where
    ($status is null and readiness.is_at_risk)
    or ($status = 'all')
