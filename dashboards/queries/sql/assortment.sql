-- audience: operator
select
    category_id,
    category_name,
    currency_code,
    product_count,
    item_count,
    vendor_count,
    single_vendor_item_count,
    compared_item_count,
    price_spread_rate,
    searching_sessions,
    searching_sessions_with_order,
    liquidity_rate,
    order_count,
    gmv_net,
    is_thin,
    window_start
from marts.mart_assortment
where not $thin_only or is_thin
