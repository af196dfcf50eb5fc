{# All that forecasts read, in one: sales by day, what makes days differ, also ahead, and how orders
   spread over countries. Forecasts are issued once a week, of whole weeks that are over: a run within
   the week reads the same days and has nothing to compute. #}
with sales as (

    select * from {{ ref('int_sales_summed_to_day') }}

),

known as (

    select
        min(first_order_date) as first_order_date,
        min(issued_on) as issued_on
    from sales

),

countries as (

    select
        customers.country_code,
        count(*) as line_count
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('int_customers_merged') }} as customers
        on order_lines.customer_id = customers.customer_id
    inner join known
        on order_lines.order_date <= known.issued_on
    where order_lines.gmv is not null and customers.country_code is not null
    group by customers.country_code

),

unioned as (

    select
        'sales' as kind,
        'sales' as event_name,
        vendor_id,
        category_id,
        'ZZ' as country_code,
        gmv,
        line_count,
        cast(null as double) as weight,
        order_date
    from sales
    union all
    select
        events.kind,
        events.event_name,
        events.vendor_id,
        events.category_id,
        events.country_code,
        cast(null as double) as gmv,
        cast(null as bigint) as line_count,
        events.weight,
        events.event_date as order_date
    from {{ ref('int_sales_events_dated') }} as events
    inner join known
        on
            events.event_date >= known.first_order_date
            -- as far ahead as months are forecast
            and events.event_date <= {{ days_after('known.issued_on', 400) }}
            -- what is out of stock is known up to the last count
            and (events.kind <> 'stock_out' or events.event_date <= known.issued_on)
    union all
    select
        'country' as kind,
        'country' as event_name,
        'all' as vendor_id,
        'all' as category_id,
        countries.country_code,
        cast(null as double) as gmv,
        countries.line_count,
        cast(null as double) as weight,
        known.issued_on as order_date
    from countries
    cross join known

)

select
    -- ids
    unioned.vendor_id,
    unioned.category_id,

    -- text
    unioned.kind,
    unioned.event_name,
    unioned.country_code,

    -- numbers
    unioned.gmv,
    unioned.line_count,
    unioned.weight,

    -- dates
    unioned.order_date,
    known.first_order_date,
    known.issued_on
from unioned
cross join known
