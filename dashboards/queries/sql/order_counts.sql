-- audience: vendor
select
    vendor_id,
    count(*) as order_count,
    count(case when is_late then 1 end) as late_count,
    count(case when is_cancelled then 1 end) as cancelled_count
from marts.fct_orders
where
    vendor_id = $vendor_id
    and order_date between $from_date and $to_date
group by vendor_id
