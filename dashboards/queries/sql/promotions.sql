-- audience: operator
select
    effects.promotion_id,
    effects.promotion_name,
    effects.kind,
    vendors.vendor_name,
    effects.first_date,
    effects.last_date,
    effects.begun_days,
    effects.promoted_days,
    effects.compared_days,
    effects.line_count,
    effects.expected_line_count,
    effects.incremental_share,
    effects.incremental_share_lower,
    effects.incremental_share_upper,
    effects.gmv_net,
    effects.incremental_gmv_net,
    effects.discounted_line_count,
    effects.discount_amount,
    effects.total_discount_amount,
    effects.currency_code,
    coalesce(categories.category_name, effects.category_id) as category_name
from marts.mart_promo_effect as effects
left join marts.dim_vendors as vendors
    on effects.vendor_id = vendors.vendor_id
left join marts.mart_assortment as categories
    on effects.category_id = categories.category_id
where
    (not $measured_only or effects.is_measured)
    and ($kind is null or effects.kind = $kind)
