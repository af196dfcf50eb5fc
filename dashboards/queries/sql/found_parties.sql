-- audience: operator
select
    parties.customer_id,
    parties.vendor_id,
    parties.match_reason,
    parties.confidence,
    vendors.vendor_name,
    case when $named is not null then customers.customer_name end as customer_name
from marts.mart_parties as parties
inner join marts.dim_vendors as vendors
    on parties.vendor_id = vendors.vendor_id
inner join marts.dim_customers as customers
    on parties.customer_id = customers.customer_id
where
    contains(lower(parties.customer_id), lower($search))
    or contains(lower(parties.vendor_id), lower($search))
    or contains(lower(vendors.vendor_name), lower($search))
    or contains(lower(customers.customer_name), lower($named))
order by
    parties.confidence asc,
    parties.customer_id asc,
    parties.vendor_id asc
limit $row_limit
