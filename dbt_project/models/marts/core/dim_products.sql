with products as (

    select * from {{ ref('int_products_named') }}

),

order_lines as (

    select
        product_id,
        count(distinct vendor_id) as vendor_count,
        count(distinct order_id) as order_count,
        sum(quantity) as unit_count,
        sum(gmv) as gmv,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from {{ ref('fct_order_lines') }}
    where product_id is not null
    group by product_id

)

select
    -- ids
    coalesce(products.product_id, order_lines.product_id) as product_id,
    products.category_id,

    -- text
    coalesce(products.product_name, order_lines.product_id) as product_name,
    products.category_name,
    products.gtin,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    products.weight_grams,
    coalesce(order_lines.vendor_count, 0) as vendor_count,
    coalesce(order_lines.order_count, 0) as order_count,
    {{ units('coalesce(order_lines.unit_count, 0)') }} as unit_count,
    {{ money('coalesce(order_lines.gmv, 0)') }} as gmv,

    -- booleans
    products.is_active,
    products.product_id is not null as is_registered,

    -- dates
    order_lines.first_order_date,
    order_lines.last_order_date,
    {{ as_of_date() }} as as_of_date
from products
full outer join order_lines
    on products.product_id = order_lines.product_id
