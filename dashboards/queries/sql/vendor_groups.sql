-- audience: vendor
select
    vendor_id,
    group_kind,
    group_id,
    people_in_tens,
    people_share,
    amount_share,
    window_start,
    window_end
from marts.mart_vendor_groups
where vendor_id = $vendor_id
order by group_kind asc, people_in_tens desc, group_id asc
