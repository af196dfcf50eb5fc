-- audience: operator
select
    purpose,
    channel,
    consent_state,
    consent_source,
    text_version,
    contact_count,
    contactable_count,
    granted_vendor_count,
    has_address,
    is_bounced,
    is_contactable,
    stated_date
from marts.mart_contactability
where customer_id = $customer_id
order by
    is_contactable desc,
    purpose asc,
    channel asc
