-- audience: vendor
-- how many orders wait for each ship-by time, the earliest first
select
    vendor_id,
    ship_by_at,
    count(*) as order_count
from marts.fct_orders
where
    vendor_id = $vendor_id
    and ship_by_at >= $from_date
    and ship_by_at < $until_date
    and shipped_at is null
    and not is_cancelled
    and status <> 'unavailable'
group by
    vendor_id,
    ship_by_at
order by ship_by_at asc
