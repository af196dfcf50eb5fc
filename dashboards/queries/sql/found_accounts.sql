-- audience: operator
select
    account_id,
    customer_id,
    country_code,
    tree_order_count,
    tree_gmv_net,
    currency_code,
    case when $named is not null then account_name end as account_name
from marts.dim_accounts
where
    contains(lower(account_id), lower($search))
    or contains(lower(account_name), lower($named))
order by
    case when lower(account_id) = lower($search) then 0 else 1 end,
    tree_gmv_net desc,
    account_id asc
limit $row_limit
