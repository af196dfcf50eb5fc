with carts as (

    select * from {{ ref('int_carts_judged') }}

)

select
    -- text
    device,
    channel,

    -- numbers
    count(cart_state) as carts,
    count(case when cart_state = 'ordered' then 1 end) as ordered_carts,
    count(case when cart_state = 'abandoned' then 1 end) as abandoned_carts,
    count(case when cart_state = 'pending' then 1 end) as pending_carts,
    count(case when cart_state = 'refused' then 1 end) as refused_carts,
    count(case when cart_state = 'open' then 1 end) as open_carts,
    count(checkout_state) as checkouts,
    count(case when checkout_state = 'ordered' then 1 end) as ordered_checkouts,
    count(case when checkout_state = 'abandoned' then 1 end) as abandoned_checkouts,
    count(case when checkout_state = 'open' then 1 end) as open_checkouts,

    -- dates
    cart_date,
    {{ as_of_date() }} as as_of_date
from carts
group by device, channel, cart_date
