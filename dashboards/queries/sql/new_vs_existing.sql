-- audience: operator
select
    order_month,
    currency_code,
    sum(case when customer_group = 'new' then customers end) as new_customers,
    sum(case when customer_group = 'existing' then customers end) as existing_customers,
    sum(case when customer_group = 'new' then net_sales_per_customer end) as new_sales_each,
    sum(case when customer_group = 'existing' then net_sales_per_customer end)
        as existing_sales_each,
    sum(case when customer_group = 'new' then campaign_cost_per_customer end) as new_cost_each,
    sum(case when customer_group = 'existing' then campaign_cost_per_customer end)
        as existing_cost_each
from marts.mart_new_vs_existing
where is_complete
group by order_month, currency_code
order by order_month desc
limit 12
