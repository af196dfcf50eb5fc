-- audience: vendor
select
    vendor_id,
    visit_month,
    sessions,
    viewed,
    added_to_cart,
    began_checkout,
    purchased,
    converted_sessions
from marts.mart_vendor_visits_monthly
where vendor_id = $vendor_id
order by visit_month desc
