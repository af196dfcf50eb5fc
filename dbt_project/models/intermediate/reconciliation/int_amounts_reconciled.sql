{# Payouts are compared by spans of days, which any of their days changes: all of them each time. #}
{{ config(
    materialized='incremental',
    partition_by=['reconciliation_date'],
    incremental_predicates=["source = 'payouts'"]
) }}

{# The difference goes down a fixed row of explanations; each takes what its range allows, and what
   none takes is the unexplained residual. So the parts and the residual always add up to the
   difference. #}
with registry as (

    select
        source,
        measure,
        rounding_per_line
    from {{ ref('reconciliation_registry') }}

),

compared as (

    select
        compared.*,
        compared.line_count * registry.rounding_per_line as rounding_limit,
        compared.shop_amount - compared.source_amount - compared.unmatched_amount as difference_left
    from {{ ref('int_amounts_compared') }} as compared
    inner join registry
        on compared.source = registry.source and compared.measure = registry.measure

),

after_cancelled as (

    select
        *,
        {{ clamped('difference_left', 'cancelled_lowest', 'cancelled_highest') }}
            as cancelled_amount
    from compared

),

after_returned as (

    select
        *,
        {{ clamped(
            'difference_left - cancelled_amount', 'returned_lowest', 'returned_highest'
        ) }} as returned_amount
    from after_cancelled

),

after_discounted as (

    select
        *,
        {{ clamped(
            'difference_left - cancelled_amount - returned_amount',
            'discounted_lowest', 'discounted_highest'
        ) }} as discounted_amount
    from after_returned

),

after_charged_back as (

    select
        *,
        {{ clamped(
            'difference_left - cancelled_amount - returned_amount - discounted_amount',
            'charged_back_lowest', '0'
        ) }} as charged_back_amount
    from after_discounted

),

after_tax as (

    select
        *,
        {{ clamped(
            'difference_left - cancelled_amount - returned_amount - discounted_amount'
            ~ ' - charged_back_amount', 'tax_lowest', '0'
        ) }} as tax_amount
    from after_charged_back

),

after_timing as (

    select
        *,
        {{ clamped(
            'difference_left - cancelled_amount - returned_amount - discounted_amount'
            ~ ' - charged_back_amount - tax_amount', 'timing_lowest', 'timing_highest'
        ) }} as timing_amount
    from after_tax

),

remaining as (

    select
        *,
        difference_left - cancelled_amount - returned_amount - discounted_amount
        - charged_back_amount - tax_amount - timing_amount as remaining_amount
    from after_timing

),

explained as (

    select
        *,
        case
            when has_other_currency then remaining_amount
            else 0
        end as currency_amount,
        case
            when has_other_currency then 0
            when abs(remaining_amount) <= rounding_limit then remaining_amount
            else 0
        end as rounding_amount
    from remaining

)

select
    -- ids
    subject_id,
    vendor_id,

    -- text
    source,
    measure,
    currency_code,

    -- numbers
    {{ money('shop_amount') }} as shop_amount,
    {{ money('source_amount') }} as source_amount,
    {{ money('cancelled_amount') }} as cancelled_amount,
    {{ money('returned_amount') }} as returned_amount,
    {{ money('discounted_amount') }} as discounted_amount,
    {{ money('charged_back_amount') }} as charged_back_amount,
    {{ money('tax_amount') }} as tax_amount,
    {{ money('timing_amount') }} as timing_amount,
    {{ money('currency_amount') }} as currency_amount,
    {{ money('rounding_amount') }} as rounding_amount,
    {{ money('unmatched_amount') }} as unmatched_amount,
    {{ money('remaining_amount - currency_amount - rounding_amount') }} as residual_amount,

    -- dates
    reconciliation_date
from explained
