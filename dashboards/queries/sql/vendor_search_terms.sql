-- audience: vendor
select
    vendor_id,
    search_term,
    people_in_tens,
    converted_in_tens,
    window_start,
    window_end
from marts.mart_vendor_search_terms
where vendor_id = $vendor_id
order by people_in_tens desc, search_term asc
