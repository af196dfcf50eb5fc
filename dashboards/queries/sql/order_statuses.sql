-- audience: vendor
select distinct
    vendor_id,
    status
from marts.fct_orders
where vendor_id = $vendor_id
order by status
