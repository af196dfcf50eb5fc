-- audience: operator
select
    sum(carts) as carts,
    sum(open_carts) as open_carts,
    sum(pending_carts) as pending_carts,
    sum(abandoned_carts) as abandoned_carts,
    sum(checkouts) as checkouts,
    sum(open_checkouts) as open_checkouts,
    sum(abandoned_checkouts) as abandoned_checkouts
from marts.mart_carts_daily
where cart_date >= $first_day and cart_date < $end_day
