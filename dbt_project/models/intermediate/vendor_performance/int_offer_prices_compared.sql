{{ config(materialized='table') }}

{# Each offer on sale beside what others ask for the same product: one of the same GTIN, or of the
   same id where it has none, new and in the same currency. The market is the newest price of each
   shop that was looked at in the last 30 days. Where it is not known other vendors of the marketplace
   stand in for it, at least three of them and never the vendor's own price. Clicks weigh them unless
   one has more than four fifths, for the mean would then be that one's price. #}
with products as (

    select
        product_id,
        coalesce(gtin, product_id) as item_id
    from {{ ref('stg_pim__products') }}

),

offers as (

    select
        offers.*,
        case
            when coalesce(offers.condition, 'new') = 'new' and offers.unit_price > 0
                then coalesce(products.item_id, offers.product_id)
        end as item_id
    from {{ ref('stg_pim__offers') }} as offers
    left join products
        on offers.product_id = products.product_id
    where coalesce(offers.status, 'active') in ('active', 'out_of_stock')

),

looked_up as (

    select
        products.item_id,
        benchmarks.currency_code,
        benchmarks.price
    from {{ ref('stg_pim__benchmark_prices') }} as benchmarks
    inner join products
        on benchmarks.product_id = products.product_id
    where
        benchmarks.is_available
        and benchmarks.price > 0
        and benchmarks.price_date > {{ days_before(as_of_date(), 30) }}
        and benchmarks.price_date < {{ as_of_end_date() }}
    qualify row_number() over (
        partition by products.item_id, benchmarks.currency_code, benchmarks.source_name
        order by
            benchmarks.price_date desc nulls last,
            benchmarks.price asc nulls last,
            benchmarks.product_id asc nulls last
    ) = 1

),

market as (

    select
        item_id,
        currency_code,
        {{ ratio('sum(price)', 'count(*)') }} as price,
        count(*) as price_count
    from looked_up
    group by item_id, currency_code

),

clicks as (

    select
        vendor_id,
        product_id,
        viewed_sessions
    from {{ ref('int_product_visits_counted') }}

),

asked as (

    select
        offers.vendor_id,
        offers.item_id,
        offers.currency_code,
        min(offers.unit_price) as unit_price,
        coalesce(max(clicks.viewed_sessions), 0) as clicks
    from offers
    left join clicks
        on offers.vendor_id = clicks.vendor_id and offers.product_id = clicks.product_id
    where offers.item_id is not null
    group by offers.vendor_id, offers.item_id, offers.currency_code

),

others as (

    select
        asked.vendor_id,
        asked.item_id,
        asked.currency_code,
        count(*) as price_count,
        min(other_asked.unit_price) as lowest_price,
        median(other_asked.unit_price) as median_price,
        {{ ratio('sum(other_asked.unit_price * other_asked.clicks)', 'sum(other_asked.clicks)') }}
            as clicked_price,
        {{ ratio('max(other_asked.clicks)', 'sum(other_asked.clicks)') }} as largest_click_share
    from asked
    inner join asked as other_asked
        on
            asked.item_id = other_asked.item_id
            and asked.currency_code = other_asked.currency_code
            and asked.vendor_id <> other_asked.vendor_id
    group by asked.vendor_id, asked.item_id, asked.currency_code
    having count(*) >= 3

),

compared as (

    select
        offers.offer_id,
        offers.vendor_id,
        offers.product_id,
        offers.currency_code,
        offers.unit_price,
        others.lowest_price,
        others.median_price,
        case
            when market.price is not null then 'market'
            when others.largest_click_share <= 0.8 then 'offers_by_clicks'
            when others.median_price is not null then 'offers'
        end as price_basis,
        case
            when market.price is not null then market.price
            when others.largest_click_share <= 0.8 then others.clicked_price
            else cast(others.median_price as double)
        end as benchmark_price,
        coalesce(market.price_count, others.price_count) as benchmark_count
    from offers
    left join market
        on offers.item_id = market.item_id and offers.currency_code = market.currency_code
    left join others
        on
            offers.vendor_id = others.vendor_id
            and offers.item_id = others.item_id
            and offers.currency_code = others.currency_code

),

indexed as (

    select
        *,
        100 * {{ ratio('unit_price', 'benchmark_price') }} as price_index
    from compared

)

select
    -- ids
    offer_id,
    vendor_id,
    product_id,

    -- text
    currency_code,
    price_basis,
    case
        when price_index < 99 then 'below'
        when price_index > 101 then 'above'
        when price_index is not null then 'at'
    end as price_position,

    -- numbers
    unit_price,
    {{ money(rounded('benchmark_price')) }} as benchmark_price,
    case when price_basis is not null then benchmark_count end as benchmark_count,
    {{ money(rounded('lowest_price')) }} as lowest_other_price,
    {{ money(rounded('median_price')) }} as median_other_price,
    price_index
from indexed
