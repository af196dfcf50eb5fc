{# What each vendor has in stock of a category on the last day, less what is promised to orders. #}
with stocks as (

    select * from {{ ref('int_offer_stocks_spanned') }}
    where valid_to = {{ as_of_end_date() }}

),

counts as (

    select
        offer_id,
        quantity_incoming,
        row_number() over (
            partition by offer_id, location
            order by stock_date desc nulls last
        ) as nth
    from {{ ref('stg_oms__inventory') }}
    where stock_date <= {{ as_of_date() }}

),

incoming as (

    select
        offer_id,
        sum(coalesce(quantity_incoming, 0)) as quantity_incoming
    from counts
    where nth = 1
    group by offer_id

)

select
    -- ids
    stocks.vendor_id,
    coalesce(products.category_id, 'unknown') as category_id,

    -- numbers
    count(*) as offer_count,
    count(case when stocks.is_out_of_stock then 1 end) as empty_offer_count,
    {{ units('sum(greatest(stocks.quantity_on_hand - stocks.quantity_reserved, 0))') }}
        as quantity_available,
    {{ units('sum(coalesce(incoming.quantity_incoming, 0))') }} as quantity_incoming
from stocks
left join incoming
    on stocks.offer_id = incoming.offer_id
left join {{ ref('stg_pim__products') }} as products
    on stocks.product_id = products.product_id
group by stocks.vendor_id, coalesce(products.category_id, 'unknown')
