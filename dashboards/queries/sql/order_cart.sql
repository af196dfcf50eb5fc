-- audience: operator
select
    device,
    created_at,
    checkout_at
from marts.fct_carts
where cart_id = $cart_id
