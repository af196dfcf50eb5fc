{# 80 percent lie within so many standard deviations. #}
{% set deviations = 1.2816 %}

with stock_outs as (

    select
        *,
        {{ deviations }} * sqrt(expected_variance) as deviation
    from {{ ref('int_stock_outs_measured') }}

),

unioned as (

    select
        kind,
        event_name,
        status,
        event_days,
        compared_days,
        line_count,
        expected_line_count,
        effect,
        effect_lower,
        effect_upper,
        line_count - expected_line_count as line_effect,
        line_count - {{ ratio('line_count', '1 + effect_lower') }} as line_effect_lower,
        line_count - {{ ratio('line_count', '1 + effect_upper') }} as line_effect_upper,
        first_date,
        last_date
    from {{ source('predictions', 'event_effects') }}
    union all
    select
        'stock_out' as kind,
        'stock_out' as event_name,
        'measured' as status,
        event_days,
        compared_days,
        line_count,
        expected_line_count,
        {{ ratio('line_count', 'expected_line_count') }} - 1 as effect,
        cast(null as double) as effect_lower,
        cast(null as double) as effect_upper,
        line_count - expected_line_count as line_effect,
        line_count - expected_line_count - deviation as line_effect_lower,
        line_count - expected_line_count + deviation as line_effect_upper,
        first_date,
        last_date
    from stock_outs

)

select
    -- text
    kind,
    event_name,
    status,

    -- numbers
    cast(event_days as bigint) as event_days,
    cast(compared_days as bigint) as compared_days,
    cast(line_count as bigint) as line_count,
    expected_line_count,
    effect,
    effect_lower,
    effect_upper,
    case when effect is not null then line_effect end as line_effect,
    line_effect_lower,
    line_effect_upper,

    -- dates
    first_date,
    last_date,
    {{ as_of_date() }} as as_of_date
from unioned
