-- audience: vendor
select
    vendor_id,
    cast(date_trunc('week', order_date) as date) as week,
    sum(gmv) as gmv
from marts.mart_vendor_daily
where
    vendor_id = $vendor_id
    and order_date >= $first_day
    and order_date <= $last_day
group by vendor_id, week
order by week
