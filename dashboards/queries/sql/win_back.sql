-- audience: operator
select
    customer_id,
    reason_code,
    contact_channel,
    outcome,
    currency_code,
    silence_days,
    limit_days,
    historic_value,
    is_lost_order,
    is_late_delivery,
    is_unanswered_message,
    is_price_rise,
    is_ticket,
    silent_since,
    listed_on,
    returned_on
from marts.mart_win_back
where
    is_contactable
    and ($reason_code is null or reason_code = $reason_code)
    and ($outcome is null or outcome = $outcome)
