select
    -- ids
    vendor_id,
    product_id,

    -- text
    max(product_name) as product_name,
    max(category_name) as category_name,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    {{ units('sum(quantity)') }} as unit_count,
    count(distinct order_id) as order_count,
    {{ money('coalesce(sum(gmv), 0)') }} as gmv,
    {{ money('coalesce(sum(gmv_net), 0)') }} as gmv_net,

    -- dates
    min(order_date) as first_order_date,
    max(order_date) as last_order_date,
    {{ as_of_date() }} as as_of_date
from {{ ref('fct_order_lines') }}
where product_id is not null
group by vendor_id, product_id
