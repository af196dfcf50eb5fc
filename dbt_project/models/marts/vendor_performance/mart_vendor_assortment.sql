{# What a vendor offers, sold in the last 365 days or offered in the last 90 with a known stock, by
   product: sales, visits, price, stock and how complete its data are. Figures are of the last 90 days
   unless they say otherwise. #}
with order_lines as (

    select
        *,
        order_date > {{ days_before(as_of_date(), 90) }} as is_recent
    from {{ ref('fct_order_lines') }}
    where product_id is not null and order_date > {{ days_before(as_of_date(), 365) }}

),

sales as (

    select
        vendor_id,
        product_id,
        max(product_name) as product_name,
        max(category_name) as category_name,
        count(distinct case when is_recent then order_id end) as order_count,
        sum(case when is_recent then quantity else 0 end) as unit_count,
        sum(case when is_recent and is_in_gmv_net then quantity else 0 end) as sold_unit_count,
        sum(case when is_recent then gmv else 0 end) as gmv,
        sum(case when is_recent then gmv_net else 0 end) as gmv_net,
        {{ money('coalesce(sum(gmv_net), 0)') }} as net_sales,
        max(order_date) as last_order_date
    from order_lines
    group by vendor_id, product_id

),

{# One offer speaks for the product's price: in the marketplace's currency, compared, the
   cheapest. #}
prices as (

    select *
    from {{ ref('int_offer_prices_compared') }}
    qualify row_number() over (
        partition by vendor_id, product_id
        order by
            case when currency_code = '{{ var("currency_code") }}' then 0 else 1 end asc nulls last,
            price_index is null asc nulls last,
            unit_price asc nulls last,
            offer_id asc nulls last
    ) = 1

),

offers as (

    select
        vendor_id,
        product_id,
        count(*) as offer_count
    from {{ ref('int_offer_prices_compared') }}
    group by vendor_id, product_id

),

-- where no system delivers offers, nothing tells what is on sale
offers_delivered as (

    select count(*) > 0 as has_offers
    from offers

),

stocks as (

    select
        vendor_id,
        product_id,
        sum(offer_days) as offer_days,
        sum(stock_out_days) as stock_out_days,
        sum(case when is_offered then quantity_on_hand end) as quantity_on_hand,
        sum(case when is_offered then unit_count end) as stocked_unit_count,
        {{ steady_sum('case when is_offered then daily_demand end') }} as daily_demand,
        {{ steady_sum('demanded_unit_count') }} as demanded_unit_count,
        {{ steady_sum('missed_unit_count') }} as missed_unit_count,
        count(case when is_offered and quantity_on_hand <= 0 then 1 end) as empty_offer_count,
        count(case when is_offered then 1 end) as stocked_offer_count
    from {{ ref('int_offer_stocks_summed') }}
    group by vendor_id, product_id

),

assortment as (

    select
        vendor_id,
        product_id
    from offers
    union
    select
        vendor_id,
        product_id
    from sales
    union
    -- paused and unsold since: its days without stock are days of the stock-out rate
    select
        vendor_id,
        product_id
    from stocks

),

joined as (

    select
        assortment.vendor_id,
        assortment.product_id,
        coalesce(named.product_name, sales.product_name, assortment.product_id) as product_name,
        coalesce(named.category_name, sales.category_name) as category_name,
        coalesce(sales.net_sales, 0) as net_sales,
        sales.order_count,
        sales.unit_count,
        sales.gmv,
        sales.gmv_net,
        sales.last_order_date,
        coalesce(offers.offer_count, 0) as offer_count,
        visits.viewed_sessions,
        visits.added_sessions,
        visits.ordered_sessions,
        prices.currency_code as price_currency_code,
        prices.price_basis,
        prices.price_position,
        prices.unit_price,
        prices.benchmark_price,
        prices.benchmark_count,
        prices.lowest_other_price,
        prices.median_other_price,
        prices.price_index,
        stocks.offer_days,
        stocks.stock_out_days,
        stocks.quantity_on_hand,
        stocks.stocked_unit_count,
        stocks.daily_demand,
        stocks.demanded_unit_count,
        stocks.missed_unit_count,
        case
            when not offers_delivered.has_offers then null
            when offers.offer_count is null then 'not_offered'
            when
                stocks.stocked_offer_count > 0
                and stocks.empty_offer_count = stocks.stocked_offer_count
                then 'out_of_stock'
            when stocks.empty_offer_count > 0 then 'partly_out_of_stock'
            else 'offered'
        end as offer_state,
        measured.image_count,
        measured.attribute_count,
        measured.required_attribute_count,
        measured.has_brand,
        measured.has_gtin,
        measured.completeness_share
    from assortment
    cross join offers_delivered
    left join sales
        on
            assortment.vendor_id = sales.vendor_id and assortment.product_id = sales.product_id
    left join offers
        on
            assortment.vendor_id = offers.vendor_id and assortment.product_id = offers.product_id
    left join prices
        on
            assortment.vendor_id = prices.vendor_id and assortment.product_id = prices.product_id
    left join stocks
        on
            assortment.vendor_id = stocks.vendor_id and assortment.product_id = stocks.product_id
    left join {{ ref('int_product_visits_counted') }} as visits
        on
            assortment.vendor_id = visits.vendor_id and assortment.product_id = visits.product_id
    left join {{ ref('int_products_named') }} as named
        on assortment.product_id = named.product_id
    left join {{ ref('int_product_data_measured') }} as measured
        on assortment.product_id = measured.product_id

),

ranked as (

    select
        *,
        sum(net_sales) over (
            partition by vendor_id, net_sales > 0
            order by net_sales desc nulls last
            range between unbounded preceding and current row
        ) as sales_so_far,
        sum(net_sales) over (partition by vendor_id, net_sales > 0) as all_sales,
        max(net_sales) over (partition by vendor_id) as largest_sales
    from joined

)

select
    -- ids
    vendor_id,
    product_id,

    -- text
    product_name,
    category_name,
    offer_state,
    {{ abc_class('net_sales', 'sales_so_far', 'all_sales', 'largest_sales') }} as own_abc_class,
    price_position,
    price_basis,
    price_currency_code,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    offer_count,
    coalesce(order_count, 0) as order_count,
    {{ units('coalesce(unit_count, 0)') }} as unit_count,
    {{ money('coalesce(gmv, 0)') }} as gmv,
    {{ money('coalesce(gmv_net, 0)') }} as gmv_net,
    viewed_sessions,
    added_sessions,
    ordered_sessions,
    {{ ratio('ordered_sessions', 'viewed_sessions') }} as view_conversion_rate,
    unit_price as offer_price,
    benchmark_price,
    benchmark_count,
    lowest_other_price,
    median_other_price,
    price_index,
    {{ units('quantity_on_hand') }} as quantity_on_hand,
    {{ ratio('quantity_on_hand', 'daily_demand') }} as days_of_cover,
    {{ ratio('stocked_unit_count', 'stocked_unit_count + quantity_on_hand') }}
        as sell_through_rate,
    cast(offer_days as bigint) as offer_days,
    cast(stock_out_days as bigint) as stock_out_days,
    demanded_unit_count,
    missed_unit_count,
    image_count,
    attribute_count,
    required_attribute_count,
    completeness_share,

    -- booleans
    has_brand,
    has_gtin,

    -- dates
    last_order_date,
    {{ as_of_date() }} as as_of_date
from ranked
