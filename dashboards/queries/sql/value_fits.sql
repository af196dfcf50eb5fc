-- audience: operator
select
    segment,
    status,
    model,
    value_base,
    currency_code,
    spend_correlation,
    count(*) as customer_count,
    count(case when frequency = 0 then 1 end) as bought_once_count,
    sum(clv_12m) as clv_12m,
    sum(expected_orders_12m) as expected_orders_12m,
    sum(p_alive) as expected_customers
from marts.mart_customer_value
group by segment, status, model, value_base, currency_code, spend_correlation
order by customer_count desc nulls last, segment asc nulls last, status asc nulls last
