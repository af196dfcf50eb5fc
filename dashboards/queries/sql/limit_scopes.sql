-- audience: operator
select distinct
    country_code,
    category_id,
    category_name
from marts.dim_vendors
order by
    country_code asc nulls last,
    category_name asc nulls last,
    category_id asc nulls last
