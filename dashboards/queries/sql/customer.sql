-- audience: operator
select
    customers.customer_id,
    customers.customer_name,
    customers.name_source,
    customers.customer_type,
    customers.country_code,
    customers.country_source,
    customers.language_code,
    customers.language_source,
    customers.stated_channel,
    customers.preferred_channel,
    customers.channel_sample_count,
    customers.preferred_hour,
    customers.hour_sample_count,
    customers.contact_count,
    customers.order_count,
    customers.gmv,
    customers.gmv_net,
    customers.is_registered,
    customers.first_order_date,
    customers.last_order_date,
    customers.account_id,
    accounts.account_name,
    accounts.root_account_id
from marts.dim_customers as customers
left join marts.dim_accounts as accounts
    on customers.account_id = accounts.account_id
where customers.customer_id = $customer_id
