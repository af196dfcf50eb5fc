-- audience: vendor
select
    vendor_id,
    category_id,
    category_name,
    status,
    expected_gmv,
    expected_quantity,
    expected_order_count,
    quantity_to_hold,
    quantity_available,
    quantity_incoming,
    days_of_cover,
    quantity_to_order,
    service_level,
    held_share,
    from_date,
    until_date,
    currency_code
from marts.mart_demand_plan
where
    vendor_id = $vendor_id
    and ($status is null or status = $status)
