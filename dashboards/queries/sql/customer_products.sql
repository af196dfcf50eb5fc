-- audience: operator
select
    registration_id,
    product_id,
    product_name,
    successor_product_id,
    age_band,
    warranty_state,
    purchased_date,
    registered_date,
    warranty_end_date
from marts.mart_installed_base
where customer_id = $customer_id
