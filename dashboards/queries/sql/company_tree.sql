-- audience: operator
select
    accounts.account_id,
    accounts.parent_account_id,
    accounts.account_name,
    accounts.customer_id,
    accounts.tree_state,
    accounts.tree_level,
    accounts.child_count,
    accounts.contact_count,
    accounts.order_count,
    accounts.gmv_net,
    accounts.tree_gmv_net,
    accounts.share_of_group,
    accounts.share_of_wallet
from marts.dim_accounts as accounts
where accounts.root_account_id = $root_account_id
order by
    accounts.tree_level asc,
    accounts.tree_gmv_net desc,
    accounts.account_id asc
limit $row_limit
