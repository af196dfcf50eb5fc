with products as (

    select * from {{ ref('stg_pim__products') }}

),

categories as (

    select
        category_id,
        category_name
    from {{ ref('stg_pim__categories') }}

)

select
    -- ids
    products.product_id,
    products.vendor_id,
    products.category_id,

    -- text
    coalesce(products.product_name, products.product_id) as product_name,
    coalesce(categories.category_name, products.category_id) as category_name,
    products.gtin,
    products.unit,

    -- numbers
    products.weight_grams,

    -- booleans
    products.is_active
from products
left join categories
    on products.category_id = categories.category_id
