{{ config(materialized='table') }}

{# What can be bought of a category today, and from how many. Where nobody delivers offers, whoever
   sold a product in the last 90 days is taken to offer it; prices are then compared with nothing. #}
with products as (

    select
        product_id,
        category_id,
        coalesce(gtin, product_id) as item_id
    from {{ ref('int_products_named') }}
    where category_id is not null

),

offers as (

    select
        vendor_id,
        product_id,
        currency_code,
        unit_price,
        coalesce(condition, 'new') as condition
    from {{ ref('stg_pim__offers') }}
    where coalesce(status, 'active') = 'active'

),

sold as (

    select distinct
        vendor_id,
        product_id
    from {{ ref('fct_order_lines') }}
    where
        order_date > {{ days_before(as_of_date(), 90) }}
        and not exists (select 1 from {{ ref('stg_pim__offers') }})

),

supplied as (

    select
        vendor_id,
        product_id
    from offers
    union all
    select
        vendor_id,
        product_id
    from sold

),

items as (

    select
        products.category_id,
        products.item_id,
        count(distinct supplied.vendor_id) as vendor_count
    from supplied
    inner join products
        on supplied.product_id = products.product_id
    group by products.category_id, products.item_id

),

vendors as (

    select
        products.category_id,
        count(distinct supplied.vendor_id) as vendor_count
    from supplied
    inner join products
        on supplied.product_id = products.product_id
    group by products.category_id

),

{# The same item in the same condition and currency, from several vendors. #}
priced as (

    select
        products.category_id,
        products.item_id,
        offers.currency_code,
        {{ ratio('max(offers.unit_price) - min(offers.unit_price)', 'min(offers.unit_price)') }}
            as price_spread
    from offers
    inner join products
        on offers.product_id = products.product_id
    where offers.condition = 'new' and offers.unit_price > 0
    group by products.category_id, products.item_id, offers.currency_code
    having count(distinct offers.vendor_id) >= 2

),

spreads as (

    select
        category_id,
        count(distinct item_id) as compared_item_count,
        median(price_spread) as price_spread_rate
    from priced
    group by category_id

)

select
    -- ids
    vendors.category_id,

    -- numbers
    vendors.vendor_count,
    count(items.item_id) as item_count,
    count(case when items.vendor_count = 1 then 1 end) as single_vendor_item_count,
    coalesce(max(spreads.compared_item_count), 0) as compared_item_count,
    max(spreads.price_spread_rate) as price_spread_rate
from vendors
inner join items
    on vendors.category_id = items.category_id
left join spreads
    on vendors.category_id = spreads.category_id
group by vendors.category_id, vendors.vendor_count
