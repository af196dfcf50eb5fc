{# A vendor that sells but is not in the feed is kept: its sales are real. #}
with vendors as (

    select * from {{ ref('stg_vendor_portal__vendors') }}

),

sales as (

    select * from {{ ref('int_order_lines_summed_to_vendor') }}

)

select
    -- ids
    coalesce(vendors.vendor_id, sales.vendor_id) as vendor_id,
    sales.category_id,

    -- text
    coalesce(vendors.vendor_name, vendors.vendor_id, sales.vendor_id) as vendor_name,
    vendors.vendor_type,
    coalesce(vendors.status, 'active') as status,
    vendors.city,
    vendors.region,
    vendors.country_code,
    sales.category_name,

    -- numbers
    coalesce(sales.order_count, 0) as order_count,
    coalesce(sales.gmv, 0) as gmv,

    -- booleans
    vendors.vendor_id is not null as is_registered,

    -- dates
    {{ business_date('vendors.joined_at') }} as joined_date,
    sales.first_order_date,
    sales.last_order_date
from vendors
full outer join sales
    on vendors.vendor_id = sales.vendor_id
