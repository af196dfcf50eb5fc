with matched as (

    select * from {{ ref('int_parties_matched') }}

),

accounts as (

    select
        customer_id,
        max(account_id) as account_id
    from {{ ref('dim_accounts') }}
    where customer_id is not null
    group by customer_id

)

select
    -- ids
    matched.customer_id,
    matched.vendor_id,
    accounts.account_id,

    -- text
    matched.match_reason,
    matched.confidence,

    -- dates
    {{ as_of_date() }} as as_of_date
from matched
left join accounts
    on matched.customer_id = accounts.customer_id
