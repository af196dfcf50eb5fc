select
    -- ids
    order_id,

    -- numbers
    count(*) as review_count,
    cast(sum(rating) as bigint) as review_rating_sum
from {{ ref('int_reviews_dated') }}
where {{ is_stale('order_date') }}
group by order_id
