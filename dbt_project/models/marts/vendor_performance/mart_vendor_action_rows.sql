with offered as (

    select * from {{ ref('int_vendor_actions_offered') }}

),

products as (

    select
        product_id,
        product_name
    from {{ ref('dim_products') }}

)

select
    -- ids
    offered.vendor_id,
    offered.action_id,
    offered.unit_id,
    offered.order_id,
    offered.product_id,

    -- text
    offered.unit_kind,
    coalesce(
        offered.order_id, products.product_name, offered.product_id, offered.unit_id
    ) as unit_name,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    offered.line_count,
    offered.offer_count,
    offered.gmv,

    -- dates
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    offered.due_at
from offered
left join products
    on offered.product_id = products.product_id
