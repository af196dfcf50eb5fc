with amounts as (

    select * from {{ ref('int_amounts_reconciled') }}
    where residual_amount <> 0 or unmatched_amount <> 0

),

sources as (

    select
        source,
        measure
    from {{ ref('int_sources_compared') }}
    where no_data_finding is null

)

select
    -- ids
    amounts.source,
    amounts.measure,
    cast(amounts.reconciliation_date as string) || ' ' || amounts.currency_code || ' '
    || amounts.subject_id || ' ' || coalesce(amounts.vendor_id, '') as row_key,
    amounts.vendor_id,
    amounts.subject_id,

    -- text
    amounts.currency_code,

    -- numbers
    amounts.shop_amount,
    amounts.source_amount,
    {{ money('amounts.shop_amount - amounts.source_amount') }} as difference_amount,
    {{ money('amounts.shop_amount - amounts.source_amount - amounts.residual_amount') }}
        as explained_amount,
    amounts.cancelled_amount,
    amounts.returned_amount,
    amounts.discounted_amount,
    amounts.charged_back_amount,
    amounts.tax_amount,
    amounts.timing_amount,
    amounts.currency_amount,
    amounts.rounding_amount,
    amounts.unmatched_amount,
    amounts.residual_amount,
    {{ money('abs(amounts.residual_amount)') }} as residual_size,

    -- dates
    amounts.reconciliation_date,
    {{ as_of_date() }} as as_of_date
from amounts
inner join sources
    on amounts.source = sources.source and amounts.measure = sources.measure
