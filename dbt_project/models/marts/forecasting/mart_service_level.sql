{# By how much more was sold within four weeks than had been expected, at days of the past: in
   units, by the root of what was expected, as a count scatters. The most that comes in 95 of 100
   cases is what is to be held beyond what is expected; measured on the last of these days by what
   the earlier ones would have said. #}
{% set service_level = 0.95 %}
with cumulated as (

    select
        forecasts.vendor_id,
        forecasts.category_id,
        forecasts.issued_on,
        max(forecasts.size_band) as size_band,
        -- as decimals: their sums do not depend on the order of the rows
        cast(sum(cast(forecasts.y as decimal(28, 6))) as double) as came,
        cast(sum(cast(forecasts.y_mean as decimal(28, 6))) as double) as expected
    from {{ source('predictions', 'sales_forecasts') }} as forecasts
    where
        not forecasts.is_issued
        and forecasts.series_kind = 'vendor_category'
        and forecasts.frequency = 'week'
        and forecasts.interval_level = 80
        and forecasts.horizon <= 4
        and forecasts.y is not null
    group by forecasts.vendor_id, forecasts.category_id, forecasts.issued_on
    having count(*) = 4

),

scored as (

    select
        cumulated.size_band,
        cumulated.issued_on,
        cumulated.vendor_id,
        cumulated.category_id,
        (cumulated.came - cumulated.expected)
        * sqrt({{ ratio('sold.quantity', 'sold.gmv * cumulated.expected') }}) as miss
    from cumulated
    inner join {{ ref('int_units_sold_by_family') }} as sold
        on cumulated.vendor_id = sold.vendor_id and cumulated.category_id = sold.category_id
    where sold.gmv > 0 and sold.quantity > 0 and cumulated.expected > 0

),

marked as (

    select
        *,
        issued_on = max(issued_on) over (partition by size_band) as is_last
    from scored

),

ranked as (

    select
        *,
        row_number() over (
            partition by size_band
            order by
                miss asc nulls last,
                issued_on asc nulls last,
                vendor_id asc nulls last,
                category_id asc nulls last
        ) as nth,
        count(*) over (partition by size_band) as miss_count,
        row_number() over (
            partition by size_band, is_last
            order by
                miss asc nulls last,
                issued_on asc nulls last,
                vendor_id asc nulls last,
                category_id asc nulls last
        ) as nth_of_part,
        count(*) over (partition by size_band, is_last) as part_count
    from marked

),

safeties as (

    select
        size_band,
        max(miss_count) as miss_count,
        max(case when nth = ceil({{ service_level }} * (miss_count + 1)) then miss end)
            as safety_factor,
        max(
            case
                when not is_last and nth_of_part = ceil({{ service_level }} * (part_count + 1))
                    then miss
            end
        ) as earlier_factor
    from ranked
    group by size_band

)

select
    -- text
    safeties.size_band,

    -- numbers
    cast({{ service_level }} as double) as service_level,
    cast(max(safeties.miss_count) as bigint) as miss_count,
    max(safeties.safety_factor) as safety_factor,
    {{ ratio(
        'count(case when marked.is_last and marked.miss <= safeties.earlier_factor then 1 end)',
        'count(case when marked.is_last and safeties.earlier_factor is not null then 1 end)'
    ) }} as held_share,

    -- dates
    {{ as_of_date() }} as as_of_date
from safeties
inner join marked
    on safeties.size_band = marked.size_band
group by safeties.size_band
