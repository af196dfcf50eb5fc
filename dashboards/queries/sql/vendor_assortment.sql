-- audience: vendor
select
    vendor_id,
    product_id,
    product_name,
    category_name,
    offer_state,
    own_abc_class,
    price_position,
    price_basis,
    price_currency_code,
    currency_code,
    offer_count,
    order_count,
    unit_count,
    gmv,
    gmv_net,
    viewed_sessions,
    view_conversion_rate,
    offer_price,
    benchmark_price,
    benchmark_count,
    lowest_other_price,
    median_other_price,
    price_index,
    quantity_on_hand,
    days_of_cover,
    sell_through_rate,
    offer_days,
    stock_out_days,
    missed_unit_count,
    image_count,
    attribute_count,
    required_attribute_count,
    completeness_share,
    has_brand,
    has_gtin,
    last_order_date
from marts.mart_vendor_assortment
where
    vendor_id = $vendor_id
    and ($offer_state is null or offer_state = $offer_state)
    and ($price_position is null or price_position = $price_position)
    and (not $incomplete_only or completeness_share < 1)
    and ($search is null or contains(lower(product_name), lower($search)) or product_id = $search)
