with simulated as (

    select
        *,
        {{ ratio('numerator_without', 'denominator_without') }} as rate_without,
        {{ ratio('numerator_with', 'denominator_with') }} as rate_with
    from {{ ref('int_vendor_actions_simulated') }}

),

{# Measures of different units compare by the room that their limit leaves: the way from the best
   value to the limit is 1. #}
valued as (

    select
        *,
        case when is_higher_better then rate_with - rate_without else rate_without - rate_with end
        / nullif(
            case
                when unit = 'rate' and is_higher_better then 1 - threshold
                when unit = 'score' then 5 - threshold
                else threshold
            end,
            0
        ) as effect
    from simulated

),

by_effort as (

    select
        *,
        effect * 60 / nullif(effort_minutes, 0) as effect_per_hour
    from valued

)

select
    -- ids
    vendor_id,
    action_id,
    metric_id,

    -- text
    unit_kind,
    metric_name,
    unit,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    unit_count,
    gmv,
    numerator_without,
    denominator_without,
    numerator_with,
    denominator_with,
    rate_without,
    rate_with,
    threshold,
    effect,
    effort_minutes,
    effect_per_hour,
    row_number() over (
        partition by vendor_id
        order by
            effect_per_hour desc nulls last,
            due_at asc nulls last,
            action_id asc nulls last,
            metric_id asc nulls last
    ) as action_rank,

    -- booleans
    is_higher_better,

    -- dates
    window_start,
    window_end,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    due_at
from by_effort
