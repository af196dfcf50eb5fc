-- audience: operator
select
    order_date,
    order_count,
    gmv,
    gmv_net,
    commission_amount,
    active_vendors,
    active_customers
from marts.mart_marketplace_daily
where order_date >= $from_date
order by order_date
