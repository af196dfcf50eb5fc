-- audience: operator, vendor
select
    vendor_id,
    order_date,
    order_count,
    unit_count,
    gmv,
    gmv_net
from marts.mart_vendor_daily
where
    vendor_id = $vendor_id
    and order_date >= $from_date
order by order_date
