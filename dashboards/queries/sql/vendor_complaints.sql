-- audience: vendor
select
    vendor_id,
    window_id,
    complaint_kind,
    reason_code,
    complaint_count,
    open_count,
    order_count,
    last_complaint_date,
    window_start,
    window_end
from marts.mart_vendor_complaints
where
    vendor_id = $vendor_id
    and window_id = $window_id
order by
    complaint_count desc,
    complaint_kind asc,
    reason_code asc
