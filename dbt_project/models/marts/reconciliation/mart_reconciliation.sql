{# A day's sums change with the amounts of that day alone. Payouts are compared anew each time, as
   their amounts are; and a measure that has nothing to compare with, or had not, is built as a whole. #}
{{ config(
    materialized='incremental',
    partition_by=['reconciliation_date'],
    incremental_predicates=[
        "source = 'payouts'",
        "state = 'no_data'",
        "(source, measure) in (select source, measure from intermediate.int_sources_compared"
        ~ " where no_data_finding is not null)",
    ]
) }}

with sources as (

    select * from {{ ref('int_sources_compared') }}

),

summed as (

    select
        amounts.source,
        amounts.measure,
        amounts.vendor_id,
        amounts.currency_code,
        amounts.reconciliation_date,
        max(sources.tolerance_amount) as tolerance_amount,
        max(sources.act_amount) as act_amount,
        count(*) as compared_count,
        count_if(amounts.residual_amount <> 0) as unexplained_count,
        sum(amounts.shop_amount) as shop_amount,
        sum(amounts.source_amount) as source_amount,
        sum(amounts.cancelled_amount) as cancelled_amount,
        sum(amounts.returned_amount) as returned_amount,
        sum(amounts.discounted_amount) as discounted_amount,
        sum(amounts.charged_back_amount) as charged_back_amount,
        sum(amounts.tax_amount) as tax_amount,
        sum(amounts.timing_amount) as timing_amount,
        sum(amounts.currency_amount) as currency_amount,
        sum(amounts.rounding_amount) as rounding_amount,
        sum(amounts.unmatched_amount) as unmatched_amount,
        sum(amounts.residual_amount) as residual_amount,
        -- one too many and one too few on the same day are two faults, not none
        sum(abs(amounts.residual_amount)) as residual_size,
        sum(abs(amounts.unmatched_amount)) as unmatched_size
    from {{ ref('int_amounts_reconciled') }} as amounts
    inner join sources
        on amounts.source = sources.source and amounts.measure = sources.measure
    where
        sources.no_data_finding is null
        and (
            {{ is_stale('amounts.reconciliation_date') }}
            or amounts.source = 'payouts'
            or {{ is_not_built(
                "amounts.source || ' ' || amounts.measure", "source || ' ' || measure",
                "state <> 'no_data'"
            ) }}
        )
    group by
        amounts.source,
        amounts.measure,
        amounts.vendor_id,
        amounts.currency_code,
        amounts.reconciliation_date

),

judged as (

    select
        *,
        case
            when residual_size > act_amount then 'act'
            when residual_size > tolerance_amount then 'watch'
            when unmatched_size > tolerance_amount then 'watch'
            else 'ok'
        end as state,
        case
            when residual_size > tolerance_amount then 'unexplained'
            when unmatched_size > tolerance_amount then 'unmatched'
            else 'explained'
        end as finding,
        shop_amount - source_amount as difference_amount,
        cancelled_amount + returned_amount + discounted_amount + charged_back_amount + tax_amount
        + timing_amount + currency_amount + rounding_amount + unmatched_amount as explained_amount
    from summed

),

{# A source without data is one row per currency: the shop's amount of all days, on the last one. #}
without_data as (

    select
        sources.source,
        sources.measure,
        sources.no_data_finding,
        sources.tolerance_amount,
        coalesce(amounts.currency_code, '{{ var("currency_code") }}') as currency_code,
        sum(coalesce(amounts.shop_amount, 0)) as shop_amount
    from sources
    left join {{ ref('int_amounts_reconciled') }} as amounts
        on sources.source = amounts.source and sources.measure = amounts.measure
    where sources.no_data_finding is not null
    group by
        sources.source,
        sources.measure,
        sources.no_data_finding,
        sources.tolerance_amount,
        coalesce(amounts.currency_code, '{{ var("currency_code") }}')

)

select
    -- ids
    judged.source || ' ' || judged.measure || ' ' || cast(judged.reconciliation_date as string)
    || ' ' || judged.currency_code || ' ' || coalesce(judged.vendor_id, '') as reconciliation_id,
    judged.source,
    judged.measure,
    judged.vendor_id,

    -- text
    judged.state,
    judged.finding,
    judged.currency_code,

    -- numbers
    judged.compared_count,
    cast(judged.unexplained_count as bigint) as unexplained_count,
    {{ money('judged.shop_amount') }} as shop_amount,
    {{ money('judged.source_amount') }} as source_amount,
    {{ money('judged.difference_amount') }} as difference_amount,
    {{ money('judged.explained_amount') }} as explained_amount,
    {{ money('judged.cancelled_amount') }} as cancelled_amount,
    {{ money('judged.returned_amount') }} as returned_amount,
    {{ money('judged.discounted_amount') }} as discounted_amount,
    {{ money('judged.charged_back_amount') }} as charged_back_amount,
    {{ money('judged.tax_amount') }} as tax_amount,
    {{ money('judged.timing_amount') }} as timing_amount,
    {{ money('judged.currency_amount') }} as currency_amount,
    {{ money('judged.rounding_amount') }} as rounding_amount,
    {{ money('judged.unmatched_amount') }} as unmatched_amount,
    {{ money('judged.residual_amount') }} as residual_amount,
    {{ money('judged.residual_size') }} as residual_size,
    {{ money('judged.tolerance_amount') }} as tolerance_amount,

    -- dates
    judged.reconciliation_date,
    {{ as_of_date() }} as as_of_date
from judged
union all
select
    source || ' ' || measure || ' ' || currency_code || ' no data' as reconciliation_id,
    source,
    measure,
    cast(null as string) as vendor_id,
    'no_data' as state,
    no_data_finding as finding,
    currency_code,
    cast(0 as bigint) as compared_count,
    cast(0 as bigint) as unexplained_count,
    {{ money('shop_amount') }} as shop_amount,
    cast(null as decimal(18, 2)) as source_amount,
    cast(null as decimal(18, 2)) as difference_amount,
    cast(null as decimal(18, 2)) as explained_amount,
    cast(null as decimal(18, 2)) as cancelled_amount,
    cast(null as decimal(18, 2)) as returned_amount,
    cast(null as decimal(18, 2)) as discounted_amount,
    cast(null as decimal(18, 2)) as charged_back_amount,
    cast(null as decimal(18, 2)) as tax_amount,
    cast(null as decimal(18, 2)) as timing_amount,
    cast(null as decimal(18, 2)) as currency_amount,
    cast(null as decimal(18, 2)) as rounding_amount,
    cast(null as decimal(18, 2)) as unmatched_amount,
    cast(null as decimal(18, 2)) as residual_amount,
    cast(null as decimal(18, 2)) as residual_size,
    {{ money('tolerance_amount') }} as tolerance_amount,
    {{ as_of_date() }} as reconciliation_date,
    {{ as_of_date() }} as as_of_date
from without_data
