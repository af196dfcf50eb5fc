with days as (

    select * from {{ ref('mart_reconciliation') }}

),

sources as (

    select * from {{ ref('int_sources_compared') }}

),

summed as (

    select
        source,
        measure,
        currency_code,
        count(distinct vendor_id) filter (where state in ('watch', 'act'))
            as unexplained_vendor_count,
        count(distinct reconciliation_date) filter (where state in ('watch', 'act'))
            as unexplained_day_count,
        max(case state when 'act' then 3 when 'watch' then 2 when 'ok' then 1 else 0 end)
            as worst_rank,
        max(case when state = 'no_data' then explanation end) as reason_without_data,
        sum(shop_amount) as shop_amount,
        sum(source_amount) as source_amount,
        sum(cancelled_amount) as cancelled_amount,
        sum(returned_amount) as returned_amount,
        sum(tax_amount) as tax_amount,
        sum(timing_amount) as timing_amount,
        sum(currency_amount) as currency_amount,
        sum(rounding_amount) as rounding_amount,
        sum(unmatched_amount) as unmatched_amount,
        sum(residual_amount) as residual_amount,
        sum(residual_size) as residual_size
    from days
    group by source, measure, currency_code

),

judged as (

    select
        *,
        case worst_rank
            when 3 then 'act'
            when 2 then 'watch'
            when 1 then 'ok'
            else 'no_data'
        end as state
    from summed

)

select
    -- ids
    judged.source,
    judged.measure,

    -- text
    judged.currency_code,
    judged.state,
    coalesce(judged.reason_without_data, sources.sentence) as explanation,

    -- numbers
    judged.unexplained_vendor_count,
    judged.unexplained_day_count,
    {{ money('judged.shop_amount') }} as shop_amount,
    {{ money('judged.source_amount') }} as source_amount,
    {{ money('judged.cancelled_amount') }} as cancelled_amount,
    {{ money('judged.returned_amount') }} as returned_amount,
    {{ money('judged.tax_amount') }} as tax_amount,
    {{ money('judged.timing_amount') }} as timing_amount,
    {{ money('judged.currency_amount') }} as currency_amount,
    {{ money('judged.rounding_amount') }} as rounding_amount,
    {{ money('judged.unmatched_amount') }} as unmatched_amount,
    {{ money('judged.residual_amount') }} as residual_amount,
    {{ money('judged.residual_size') }} as residual_size,

    -- dates
    {{ as_of_date() }} as as_of_date
from judged
inner join sources
    on judged.source = sources.source and judged.measure = sources.measure
