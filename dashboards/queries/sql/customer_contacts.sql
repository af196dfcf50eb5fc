-- audience: operator
select
    contact_id,
    contact_name,
    contact_role,
    language_code,
    preferred_channel,
    has_email,
    has_phone
from marts.dim_contacts
where customer_id = $customer_id
order by
    created_date asc,
    contact_id asc
limit $row_limit
