-- audience: vendor
select
    vendor_id,
    sum(expected_order_count) as expected_order_count,
    sum(expected_gmv) as expected_gmv,
    count(case when status = 'restock' then 1 end) as restock_count,
    max(service_level) as service_level,
    min(held_share) as held_share,
    min(from_date) as from_date,
    max(until_date) as until_date
from marts.mart_demand_plan
where vendor_id = $vendor_id
group by vendor_id
