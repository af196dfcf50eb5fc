{# What the next four weeks are expected to bring against what the last four brought. #}
with issued as (

    select
        *,
        max(issued_on) over () as last_issued_on
    from {{ ref('mart_forecast') }}
    where
        series_kind in ('category', 'vendor')
        and frequency = 'week'
        and interval_level = 80
        and horizon <= 4

),

expected as (

    select
        series_kind,
        series_id,
        vendor_id,
        category_id,
        category_name,
        issued_on,
        sum(y_mean) as expected_gmv
    from issued
    where issued_on = last_issued_on
    group by series_kind, series_id, vendor_id, category_id, category_name, issued_on

),

came as (

    select
        expected.series_kind,
        expected.series_id,
        sum(sales.gmv) as gmv
    from expected
    inner join {{ ref('int_sales_summed_to_period') }} as sales
        on
            expected.series_kind = sales.series_kind
            and expected.series_id = sales.series_id
            and sales.frequency = 'week'
            and sales.period_date > {{ days_before('expected.issued_on', 28) }}
            and expected.issued_on >= sales.period_date
    group by expected.series_kind, expected.series_id

)

select
    -- ids
    expected.series_kind,
    expected.series_id,
    expected.vendor_id,
    expected.category_id,

    -- text
    expected.category_name,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    {{ money('coalesce(came.gmv, 0)') }} as last_gmv,
    {{ money('expected.expected_gmv') }} as expected_gmv,
    {{ money('expected.expected_gmv - coalesce(came.gmv, 0)') }} as gmv_change,

    -- dates
    expected.issued_on,
    {{ as_of_date() }} as as_of_date
from expected
left join came
    on expected.series_kind = came.series_kind and expected.series_id = came.series_id
