-- audience: vendor
select
    vendor_id,
    window_id,
    request_count,
    to_answer_count,
    offered_count,
    won_count,
    lost_count,
    expired_count,
    withdrawn_count,
    median_hours_to_offer,
    closed_count,
    closed_won_count,
    win_rate,
    won_amount,
    currency_code,
    window_start,
    window_end
from marts.mart_vendor_requests
where
    vendor_id = $vendor_id
    and window_id = $window_id
