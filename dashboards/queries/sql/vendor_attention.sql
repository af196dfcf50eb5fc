-- audience: operator
select
    size_class,
    measure,
    currency_code,
    looked_vendor_count,
    other_vendor_count,
    looked_change_mean,
    other_change_mean,
    difference_mean,
    difference_lower,
    difference_upper,
    window_start,
    window_end
from marts.mart_vendor_attention
order by
    case size_class when 'all' then 0 when 'small' then 1 when 'medium' then 2 else 3 end asc,
    measure asc
