-- audience: operator
select
    cast(date_trunc('week', order_date) as date) as week,
    sum(gmv) as gmv,
    count(*) as day_count
from marts.mart_marketplace_daily
where order_date >= $first_day and order_date <= $last_day
group by week
order by week
