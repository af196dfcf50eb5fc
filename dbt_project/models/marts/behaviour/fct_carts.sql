with carts as (

    select * from {{ ref('int_carts_judged') }}
    where cart_state is not null

)

select
    -- ids
    cart_id,
    customer_id,

    -- text
    device,
    channel,
    cart_state,
    checkout_state,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    cart_value,

    -- dates
    cart_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    created_at,
    checkout_at,
    {{ known_by('ordered_at') }} as ordered_at
from carts
