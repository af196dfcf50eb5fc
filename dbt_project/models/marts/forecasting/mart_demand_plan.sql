{# Families of products that a vendor sold within a year or has in stock. #}
with issued as (

    select
        *,
        max(issued_on) over () as last_issued_on
    from {{ ref('mart_forecast') }}
    where
        series_kind = 'vendor_category'
        and frequency = 'week'
        and interval_level = 80
        and horizon <= 4

),

forecasts as (

    select
        vendor_id,
        category_id,
        size_band,
        sum(y_mean) as expected_gmv,
        min(forecast_date) as from_date,
        max(period_end_date) as until_date
    from issued
    where issued_on = last_issued_on
    group by vendor_id, category_id, size_band

),

joined as (

    select
        coalesce(sold.vendor_id, stocks.vendor_id) as vendor_id,
        coalesce(sold.category_id, stocks.category_id) as category_id,
        sold.category_name,
        forecasts.size_band,
        forecasts.expected_gmv,
        forecasts.from_date,
        forecasts.until_date,
        sold.gmv,
        sold.quantity,
        sold.order_count,
        stocks.offer_count,
        stocks.empty_offer_count,
        stocks.quantity_available,
        stocks.quantity_incoming
    from {{ ref('int_units_sold_by_family') }} as sold
    full outer join {{ ref('int_stocks_summed_to_family') }} as stocks
        on sold.vendor_id = stocks.vendor_id and sold.category_id = stocks.category_id
    left join forecasts
        on sold.vendor_id = forecasts.vendor_id and sold.category_id = forecasts.category_id

),

expected as (

    select
        joined.*,
        misses.service_level,
        misses.held_share,
        misses.miss_count,
        {{ ratio('joined.expected_gmv * joined.quantity', 'joined.gmv') }} as expected_units,
        {{ ratio('joined.expected_gmv * joined.order_count', 'joined.gmv') }} as expected_orders,
        misses.safety_factor
    from joined
    left join {{ ref('mart_service_level') }} as misses
        on joined.size_band = misses.size_band

),

planned as (

    select
        *,
        case
            when safety_factor is not null
                then ceil(expected_units + greatest(safety_factor, 0) * sqrt(expected_units))
        end as units_to_hold
    from expected

)

select
    -- ids
    vendor_id,
    category_id,

    -- text
    category_name,
    '{{ var("currency_code") }}' as currency_code,
    case
        when expected_units is null then 'no_forecast'
        when expected_units = 0 then 'no_demand'
        when quantity_available is null then 'no_stock_known'
        when units_to_hold is null then 'too_few_origins'
        when quantity_available >= units_to_hold then 'enough'
        when quantity_available + quantity_incoming >= units_to_hold then 'on_its_way'
        else 'restock'
    end as status,

    -- numbers
    {{ money('expected_gmv') }} as expected_gmv,
    {{ units(rounded('expected_units')) }} as expected_quantity,
    {{ units(rounded('expected_orders')) }} as expected_order_count,
    {{ units('units_to_hold') }} as quantity_to_hold,
    offer_count,
    empty_offer_count,
    quantity_available,
    quantity_incoming,
    -- four weeks are expected
    {{ ratio('28 * quantity_available', 'expected_units') }} as days_of_cover,
    case
        when units_to_hold is not null and quantity_available is not null
            then {{ units('greatest(units_to_hold - quantity_available - quantity_incoming, 0)') }}
    end as quantity_to_order,
    service_level,
    held_share,
    miss_count,

    -- dates
    from_date,
    until_date,
    {{ as_of_date() }} as as_of_date
from planned
