{# Orphans point to an order that never came; missing ids are pointed to but not in their feed. #}
with orders as (

    select order_id
    from {{ ref('stg_shop__orders') }}

),

order_lines as (

    select * from {{ ref('int_order_lines_matched_to_vendor') }}

),

referring as (

    select
        'order_lines' as feed,
        order_id
    from order_lines
    union all
    select
        'order_events' as feed,
        order_id
    from {{ ref('stg_oms__order_events') }}
    union all
    select
        'payments' as feed,
        order_id
    from {{ ref('stg_erp__payments') }}
    union all
    select
        'shipments' as feed,
        order_id
    from {{ ref('stg_oms__shipments') }}
    union all
    select
        'reviews' as feed,
        order_id
    from {{ ref('stg_shop__reviews') }}

),

orphans as (

    select
        referring.feed,
        count(*) as orphan_count
    from referring
    left join orders
        on referring.order_id = orders.order_id
    where orders.order_id is null
    group by referring.feed

),

missing as (

    select
        'vendors' as feed,
        count(distinct order_lines.vendor_id) as missing_count
    from order_lines
    left join {{ ref('stg_vendor_portal__vendors') }} as vendors
        on order_lines.vendor_id = vendors.vendor_id
    where vendors.vendor_id is null
    union all
    select
        'products' as feed,
        count(distinct order_lines.product_id) as missing_count
    from order_lines
    left join {{ ref('stg_pim__products') }} as products
        on order_lines.product_id = products.product_id
    where products.product_id is null

)

select
    -- ids
    feed,

    -- numbers
    orphan_count,
    cast(0 as bigint) as missing_count
from orphans
union all
select
    feed,
    cast(0 as bigint) as orphan_count,
    missing_count
from missing
where missing_count > 0
