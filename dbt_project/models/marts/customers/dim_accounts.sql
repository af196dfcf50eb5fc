with accounts as (

    select * from {{ ref('int_accounts_placed') }}

),

described as (

    select * from {{ ref('int_accounts_described') }}

),

sales as (

    select * from {{ ref('int_account_sales_summed') }}

),

lost_quotes as (

    select * from {{ ref('int_account_quotes_lost') }}

),

{# An account and all below it; the links that do not count have no common top. #}
members as (

    select
        account_id as node_account_id,
        account_id
    from accounts
    union all
    select
        ancestors.ancestor_account_id as node_account_id,
        ancestors.account_id
    from {{ ref('int_account_ancestors_paired') }} as ancestors
    inner join accounts
        on ancestors.account_id = accounts.account_id
    inner join accounts as nodes
        on ancestors.ancestor_account_id = nodes.account_id
    where
        accounts.root_account_id = nodes.root_account_id
        and accounts.tree_level > nodes.tree_level

),

own as (

    select
        accounts.account_id,
        coalesce(sales.order_count, 0) as order_count,
        coalesce(sales.gmv, 0) as gmv,
        coalesce(sales.gmv_net, 0) as gmv_net,
        coalesce(lost_quotes.lost_quote_count, 0) as lost_quote_count,
        coalesce(lost_quotes.lost_quote_amount, 0) as lost_quote_amount,
        sales.first_order_date,
        sales.last_order_date
    from accounts
    left join sales
        on accounts.account_id = sales.account_id
    left join lost_quotes
        on accounts.account_id = lost_quotes.account_id

),

rolled_up as (

    select
        members.node_account_id,
        count(*) - 1 as descendant_count,
        sum(own.order_count) as order_count,
        sum(own.gmv_net) as gmv_net,
        sum(own.lost_quote_amount) as lost_quote_amount
    from members
    inner join own
        on members.account_id = own.account_id
    group by members.node_account_id

),

children as (

    select
        parent_account_id,
        count(*) as child_count
    from accounts
    where parent_account_id is not null
    group by parent_account_id

)

select
    -- ids
    accounts.account_id,
    accounts.parent_account_id,
    accounts.root_account_id,
    described.customer_id,
    described.sales_rep_id,

    -- text
    described.account_name,
    described.industry,
    described.size_class,
    described.employee_band,
    described.revenue_band,
    described.legal_form,
    described.status,
    described.country_code,
    accounts.tree_state,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    described.payment_terms_days,
    accounts.tree_level,
    coalesce(children.child_count, 0) as child_count,
    rolled_up.descendant_count,
    described.contact_count,
    own.order_count,
    {{ money('own.gmv') }} as gmv,
    {{ money('own.gmv_net') }} as gmv_net,
    own.lost_quote_count,
    {{ money('own.lost_quote_amount') }} as lost_quote_amount,
    cast(rolled_up.order_count as bigint) as tree_order_count,
    {{ money('rolled_up.gmv_net') }} as tree_gmv_net,
    {{ money('rolled_up.lost_quote_amount') }} as tree_lost_quote_amount,
    {{ ratio('rolled_up.gmv_net', 'whole_trees.gmv_net') }} as share_of_group,
    {{ ratio('rolled_up.gmv_net', 'rolled_up.gmv_net + rolled_up.lost_quote_amount') }}
        as share_of_wallet,

    -- dates
    described.created_date,
    own.first_order_date,
    own.last_order_date,
    {{ as_of_date() }} as as_of_date
from accounts
inner join described
    on accounts.account_id = described.account_id
inner join own
    on accounts.account_id = own.account_id
inner join rolled_up
    on accounts.account_id = rolled_up.node_account_id
inner join rolled_up as whole_trees
    on accounts.root_account_id = whole_trees.node_account_id
left join children
    on accounts.account_id = children.parent_account_id
