select
    -- ids
    promotion_id,
    vendor_id,
    category_id,

    -- text
    promotion_name,
    kind,
    currency_code,

    -- numbers
    begun_days,
    promoted_days,
    compared_days,
    line_count,
    expected_line_count,
    -- below zero where fewer were sold, which no share is
    incremental_share as incremental_effect,
    incremental_share_lower as incremental_effect_lower,
    incremental_share_upper as incremental_effect_upper,
    gmv_net,
    incremental_gmv_net,
    discounted_line_count,
    discount_amount,
    total_discount_amount,

    -- booleans
    is_measured,

    -- dates
    first_date,
    last_date,
    as_of_date
from {{ ref('mart_promo_effect') }}
-- the marketplace's own promotions reach all vendors' goods
where vendor_id is not null
