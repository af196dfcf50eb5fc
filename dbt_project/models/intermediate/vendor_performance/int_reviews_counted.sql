{# Units of the review score: a review counts for each vendor and order that it speaks of. #}
select
    -- ids
    'review_score' as metric_id,
    vendor_id,
    -- one review may speak of several orders, and counts for each
    review_id || ' ' || order_id as unit_id,
    order_id,
    cast(null as string) as order_line_id,

    -- text
    'review' as unit_kind,
    cast(null as string) as fault_class,

    -- numbers
    {{ units('rating') }} as numerator_value,
    {{ units('1') }} as denominator_value,

    -- booleans
    true as is_in_numerator,

    -- dates
    created_date as membership_date,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from
from {{ ref('int_reviews_matched_to_vendor') }}
