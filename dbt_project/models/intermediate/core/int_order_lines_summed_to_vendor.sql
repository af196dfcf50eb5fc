{{ config(materialized='table') }}

with order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

by_category as (

    select
        vendor_id,
        category_id,
        category_name,
        coalesce(sum(gmv), 0) as gmv
    from order_lines
    where category_id is not null
    group by vendor_id, category_id, category_name

),

main_categories as (

    select
        vendor_id,
        category_id,
        category_name
    from by_category
    qualify
        row_number() over (
            partition by vendor_id order by gmv desc, category_id asc nulls last
        ) = 1

),

by_vendor as (

    select
        vendor_id,
        count(distinct order_id) as order_count,
        coalesce(sum(gmv), 0) as gmv,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from order_lines
    group by vendor_id

)

select
    -- ids
    by_vendor.vendor_id,
    main_categories.category_id,

    -- text: the main category is the one with the most gmv
    main_categories.category_name,

    -- numbers
    by_vendor.order_count,
    {{ money('by_vendor.gmv') }} as gmv,

    -- dates
    by_vendor.first_order_date,
    by_vendor.last_order_date
from by_vendor
left join main_categories
    on by_vendor.vendor_id = main_categories.vendor_id
