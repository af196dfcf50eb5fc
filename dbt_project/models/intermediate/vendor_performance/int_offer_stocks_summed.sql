{# What lay in stock of each offer in the last 90 days, and what it would have sold had it never
   been out of stock: its own mean of the days with stock. Sold and left are together what lay
   there at first and what came: a count between them need not be known. #}
with spans as (

    select
        *,
        greatest(valid_from, {{ days_before(as_of_end_date(), 90) }}) as counted_from
    from {{ ref('int_offer_stocks_spanned') }}
    where valid_to > {{ days_before(as_of_end_date(), 90) }}

),

counted as (

    select
        offer_id,
        vendor_id,
        product_id,
        sum({{ days_between('counted_from', 'valid_to') }}) as offer_days,
        sum(
            case when is_out_of_stock then {{ days_between('counted_from', 'valid_to') }} else 0 end
        ) as stock_out_days,
        sum(case when valid_to = {{ as_of_end_date() }} then quantity_on_hand end)
            as quantity_on_hand,
        bool_or(valid_to = {{ as_of_end_date() }}) as is_offered
    from spans
    group by offer_id, vendor_id, product_id

),

sold as (

    select
        offer_id,
        sum(quantity) as unit_count
    from {{ ref('fct_order_lines') }}
    where
        order_date > {{ days_before(as_of_date(), 90) }}
        and offer_id is not null
        and is_in_gmv_net
    group by offer_id

),

demanded as (

    select
        counted.*,
        coalesce(sold.unit_count, 0) as unit_count,
        {{ ratio('coalesce(sold.unit_count, 0)', 'counted.offer_days - counted.stock_out_days') }}
            as daily_demand
    from counted
    left join sold
        on counted.offer_id = sold.offer_id

)

select
    -- ids
    offer_id,
    vendor_id,
    product_id,

    -- numbers
    cast(offer_days as bigint) as offer_days,
    cast(stock_out_days as bigint) as stock_out_days,
    quantity_on_hand,
    {{ units('unit_count') }} as unit_count,
    daily_demand,
    daily_demand * offer_days as demanded_unit_count,
    daily_demand * stock_out_days as missed_unit_count,

    -- booleans
    is_offered
from demanded
