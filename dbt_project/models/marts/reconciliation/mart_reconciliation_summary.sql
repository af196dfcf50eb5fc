with days as (

    select * from {{ ref('mart_reconciliation') }}

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
        max(case when state = 'no_data' then finding end) as no_data_finding,
        sum(shop_amount) as shop_amount,
        sum(source_amount) as source_amount,
        sum(difference_amount) as difference_amount,
        sum(explained_amount) as explained_amount,
        sum(cancelled_amount) as cancelled_amount,
        sum(returned_amount) as returned_amount,
        sum(discounted_amount) as discounted_amount,
        sum(charged_back_amount) as charged_back_amount,
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
    source,
    measure,

    -- text
    currency_code,
    state,
    coalesce(no_data_finding, 'compared') as finding,

    -- numbers
    unexplained_vendor_count,
    unexplained_day_count,
    {{ money('shop_amount') }} as shop_amount,
    {{ money('source_amount') }} as source_amount,
    {{ money('difference_amount') }} as difference_amount,
    {{ money('explained_amount') }} as explained_amount,
    {{ money('cancelled_amount') }} as cancelled_amount,
    {{ money('returned_amount') }} as returned_amount,
    {{ money('discounted_amount') }} as discounted_amount,
    {{ money('charged_back_amount') }} as charged_back_amount,
    {{ money('tax_amount') }} as tax_amount,
    {{ money('timing_amount') }} as timing_amount,
    {{ money('currency_amount') }} as currency_amount,
    {{ money('rounding_amount') }} as rounding_amount,
    {{ money('unmatched_amount') }} as unmatched_amount,
    {{ money('residual_amount') }} as residual_amount,
    {{ money('residual_size') }} as residual_size,

    -- dates
    {{ as_of_date() }} as as_of_date
from judged
