{# Set by the marketplace's category management: below three vendors a buyer has no choice, and
   below ten items a category is a shelf that looks empty. #}
{% set fewest_vendors, fewest_items = 3, 10 %}

with categories as (

    select
        category_id,
        max(category_name) as category_name,
        count(*) as product_count
    from {{ ref('int_products_named') }}
    where category_id is not null
    group by category_id

),

supply as (

    select * from {{ ref('int_offers_summed_to_category') }}

),

searches as (

    select * from {{ ref('int_searches_summed_to_category') }}

),

sales as (

    select
        category_id,
        count(distinct order_id) as order_count,
        sum(gmv_net) as gmv_net
    from {{ ref('fct_order_lines') }}
    where order_date > {{ days_before(as_of_date(), 90) }} and is_in_gmv_net
    group by category_id

)

select
    -- ids
    categories.category_id,

    -- text
    categories.category_name,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    categories.product_count,
    coalesce(supply.item_count, 0) as item_count,
    coalesce(supply.vendor_count, 0) as vendor_count,
    coalesce(supply.single_vendor_item_count, 0) as single_vendor_item_count,
    coalesce(supply.compared_item_count, 0) as compared_item_count,
    supply.price_spread_rate,
    coalesce(searches.searching_sessions, 0) as searching_sessions,
    coalesce(searches.searching_sessions_with_order, 0) as searching_sessions_with_order,
    {{ ratio('searches.searching_sessions_with_order', 'searches.searching_sessions') }}
        as liquidity_rate,
    coalesce(sales.order_count, 0) as order_count,
    {{ money('coalesce(sales.gmv_net, 0)') }} as gmv_net,

    -- booleans
    coalesce(supply.vendor_count, 0) < {{ fewest_vendors }}
    or coalesce(supply.item_count, 0) < {{ fewest_items }} as is_thin,

    -- dates
    {{ days_before(as_of_date(), 89) }} as window_start,
    {{ as_of_date() }} as as_of_date
from categories
left join supply
    on categories.category_id = supply.category_id
left join searches
    on categories.category_id = searches.category_id
left join sales
    on categories.category_id = sales.category_id
