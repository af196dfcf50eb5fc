{# An order belongs to the account that it names, else to the account that its customer is. Where
   several accounts are one customer, the newest has the orders that name none. #}
with accounts as (

    select
        account_id,
        customer_id
    from {{ ref('stg_crm__accounts') }}

),

accounts_of_customers as (

    select
        customer_id,
        account_id
    from {{ ref('stg_crm__accounts') }}
    where customer_id is not null
    qualify row_number() over (
        partition by customer_id order by created_at desc nulls last, account_id desc
    ) = 1

),

named as (

    select
        orders.order_id,
        accounts.account_id
    from {{ ref('stg_shop__orders') }} as orders
    inner join accounts
        on orders.account_id = accounts.account_id

)

select
    -- ids
    coalesce(named.account_id, accounts_of_customers.account_id) as account_id,

    -- numbers
    count(*) as order_count,
    sum(orders.gmv) as gmv,
    sum(orders.gmv_net) as gmv_net,

    -- dates
    min(orders.order_date) as first_order_date,
    max(orders.order_date) as last_order_date
from {{ ref('fct_orders') }} as orders
left join named
    on orders.order_id = named.order_id
left join accounts_of_customers
    on orders.customer_id = accounts_of_customers.customer_id
where coalesce(named.account_id, accounts_of_customers.account_id) is not null
group by coalesce(named.account_id, accounts_of_customers.account_id)
