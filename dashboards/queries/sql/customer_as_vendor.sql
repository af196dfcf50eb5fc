-- audience: operator
select
    parties.vendor_id,
    vendors.vendor_name,
    parties.match_reason,
    parties.confidence
from marts.mart_parties as parties
inner join marts.dim_vendors as vendors
    on parties.vendor_id = vendors.vendor_id
where parties.customer_id = $customer_id
order by
    parties.confidence asc,
    parties.vendor_id asc
