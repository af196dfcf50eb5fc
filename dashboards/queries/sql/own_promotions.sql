-- audience: vendor
select
    vendor_id,
    promotion_id,
    promotion_name,
    kind,
    category_id,
    first_date,
    last_date,
    begun_days,
    promoted_days,
    compared_days,
    line_count,
    expected_line_count,
    incremental_effect as incremental_share,
    incremental_effect_lower as incremental_share_lower,
    incremental_effect_upper as incremental_share_upper,
    gmv_net,
    incremental_gmv_net,
    discounted_line_count,
    discount_amount,
    total_discount_amount,
    currency_code
from marts.mart_promo_effect
where
    vendor_id = $vendor_id
    and (not $measured_only or is_measured)
    and ($kind is null or kind = $kind)
