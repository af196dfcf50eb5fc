-- audience: vendor
select
    vendor_id,
    quote_id,
    order_id,
    quote_stage,
    original_currency_code,
    original_amount,
    hours_to_offer,
    requested_date,
    valid_until,
    closed_date,
    requested_at,
    sent_at
from marts.mart_vendor_quotes
where
    vendor_id = $vendor_id
    and requested_date between $from_date and $to_date
    and ($stage is null or quote_stage = $stage)
    and ($search is null or contains(lower(quote_id), lower($search)))
