-- audience: operator
select
    segment,
    status,
    model,
    value_base,
    currency_code,
    -- that of its channel where each has a fit of its own: the largest speaks for all
    case
        when max(spend_correlation) > -min(spend_correlation) then max(spend_correlation)
        else min(spend_correlation)
    end as spend_correlation,
    count(*) as customer_count,
    count(case when frequency = 0 then 1 end) as bought_once_count,
    sum(clv_12m) as clv_12m,
    sum(expected_orders_12m) as expected_orders_12m,
    sum(p_alive) as expected_customers
from marts.mart_customer_value
group by segment, status, model, value_base, currency_code
order by customer_count desc nulls last, segment asc nulls last, status asc nulls last
