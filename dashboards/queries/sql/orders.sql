-- audience: vendor
select
    vendor_id,
    order_id,
    ordered_at,
    order_date,
    status,
    channel,
    currency_code,
    line_count,
    unit_count,
    gmv,
    gmv_net,
    shipping_amount,
    commission_amount,
    ship_by_at,
    promised_at,
    shipped_at,
    delivered_at,
    is_cancelled,
    is_late,
    review_rating,
    as_of_date
from marts.fct_orders
where
    vendor_id = $vendor_id
    and order_date between $from_date and $to_date
    and ($status is null or status = $status)
    and (not $late_only or is_late)
    and ($search is null or contains(lower(order_id), lower($search)))
