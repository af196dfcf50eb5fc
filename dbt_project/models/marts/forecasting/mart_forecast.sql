with issued as (

    select
        *,
        case frequency
            when 'day' then forecast_date
            when 'week' then {{ days_after('forecast_date', 6) }}
            else {{ days_before("cast(forecast_date + interval '1' month as date)", 1) }}
        end as period_end_date
    from {{ source('predictions', 'sales_forecasts') }}
    where is_issued and issued_on <= {{ as_of_date() }}

),

sales as (

    select * from {{ ref('int_sales_summed_to_period') }}

),

categories as (

    select
        category_id,
        max(category_name) as category_name
    from {{ ref('fct_order_lines') }}
    where category_id is not null
    group by category_id

),

compared as (

    select
        issued.*,
        categories.category_name,
        {{ money(rounded('issued.y_mean')) }} as expected,
        {{ money(rounded('issued.y_lower')) }} as lower_end,
        {{ money(rounded('issued.y_upper')) }} as upper_end,
        -- a period that is over and without sales sold nothing
        case
            when issued.period_end_date <= {{ as_of_date() }}
                then {{ money('coalesce(sales.gmv, 0)') }}
        end as actual
    from issued
    left join sales
        on
            issued.series_kind = sales.series_kind
            and issued.series_id = sales.series_id
            and issued.frequency = sales.frequency
            and issued.forecast_date = sales.period_date
    left join categories
        on issued.category_id = categories.category_id

)

select
    -- ids
    series_kind,
    series_id,
    vendor_id,
    category_id,

    -- text
    category_name,
    frequency,
    model,
    status,
    interval_status,
    size_band,
    model_version,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    horizon,
    interval_level,
    expected as y_mean,
    lower_end as y_lower,
    upper_end as y_upper,
    actual as y,

    -- booleans
    actual < lower_end or actual > upper_end as is_outside,

    -- dates
    issued_on,
    forecast_date,
    period_end_date,
    {{ as_of_date() }} as as_of_date
from compared
