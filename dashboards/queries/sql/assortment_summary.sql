-- audience: operator
select
    window_start,
    count(*) as category_count,
    count(*) filter (where is_thin) as thin_count,
    sum(item_count) as item_count,
    sum(single_vendor_item_count) as single_vendor_item_count
from marts.mart_assortment
group by window_start
