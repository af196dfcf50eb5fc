{# What came of each series that is forecast, in periods that are over. #}
with sales as (

    select
        vendor_id,
        coalesce(category_id, 'unknown') as category_id,
        order_date,
        gmv
    from {{ ref('fct_order_lines') }}
    where gmv is not null

),

spread as (

    select
        'marketplace' as series_kind,
        'all' as series_id,
        order_date,
        gmv
    from sales
    union all
    select
        'category' as series_kind,
        category_id as series_id,
        order_date,
        gmv
    from sales
    union all
    select
        'vendor' as series_kind,
        vendor_id as series_id,
        order_date,
        gmv
    from sales
    union all
    select
        'vendor_category' as series_kind,
        vendor_id || '/' || category_id as series_id,
        order_date,
        gmv
    from sales

),

dated as (

    select
        series_kind,
        series_id,
        'day' as frequency,
        order_date as period_date,
        gmv
    from spread
    union all
    select
        series_kind,
        series_id,
        'week' as frequency,
        cast(date_trunc('week', order_date) as date) as period_date,
        gmv
    from spread
    union all
    select
        series_kind,
        series_id,
        'month' as frequency,
        cast(date_trunc('month', order_date) as date) as period_date,
        gmv
    from spread

)

select
    -- ids
    series_kind,
    series_id,

    -- text
    frequency,

    -- numbers
    {{ money('sum(gmv)') }} as gmv,

    -- dates
    period_date
from dated
group by series_kind, series_id, frequency, period_date
