{# Every number of the scorecard is the sum of the units listed behind it, as known at its end: of
   all units, of those that the vendor answers for, of those of unknown cause, and of those that were
   old enough. #}
{%- set parts = {
    'accountable': is_accountable_in_window(),
    'unknown': is_of_unknown_cause_in_window(),
    'mature': 'units.membership_date < windows.mature_before'
} %}
with displayed as (

    select
        *,
        {{ days_before('window_end', 'maturity_days') }} as mature_before
    from {{ ref('mart_vendor_scorecard') }}
    -- the score has no units of its own: assert_vendor_score_is_the_mean_of_its_metrics
    where unit <> 'points'

),

windows as (

    select distinct
        metric_id,
        window_kind,
        window_start,
        window_end,
        mature_before
    from displayed

),

units as (

    select * from {{ ref('mart_vendor_metric_lines') }}

),

recounted as (

    {{ vendor_units_summed('units', 'windows', parts=parts) }}

)

select
    displayed.vendor_id,
    displayed.metric_id,
    displayed.window_kind,
    displayed.window_end,
    displayed.numerator,
    displayed.denominator,
    recounted.numerator as recounted_numerator,
    recounted.denominator as recounted_denominator
from displayed
left join recounted
    on
        displayed.vendor_id = recounted.vendor_id
        and displayed.metric_id = recounted.metric_id
        and displayed.window_kind = recounted.window_kind
        and displayed.window_end = recounted.window_end
where
    displayed.numerator <> coalesce(recounted.numerator, 0)
    or displayed.denominator <> coalesce(recounted.denominator, 0)
    or displayed.accountable_numerator <> coalesce(recounted.accountable_numerator, 0)
    or displayed.accountable_denominator <> coalesce(recounted.accountable_denominator, 0)
    or displayed.unknown_cause_count <> coalesce(recounted.unknown_denominator, 0)
    or displayed.mature_numerator <> coalesce(recounted.mature_numerator, 0)
    or displayed.mature_denominator <> coalesce(recounted.mature_denominator, 0)
