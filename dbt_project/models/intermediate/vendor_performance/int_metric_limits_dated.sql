{# What operators decided about limits. One that was withdrawn was never valid: the kernel lets only
   those be withdrawn that are yet to come. #}
with decisions as (

    select
        event_number,
        event_kind,
        {{ text_of('payload', 'metric_id') }} as metric_id,
        {{ text_of('payload', 'country_code') }} as country_code,
        {{ text_of('payload', 'category_id') }} as category_id,
        {{ number_of('payload', 'threshold') }} as threshold,
        cast({{ text_of('payload', 'valid_from') }} as date) as valid_from
    from {{ ref('stg_operations__events') }}
    where
        stream = 'thresholds'
        and {{ text_of('payload', 'marketplace') }} = '{{ var("marketplace") }}'

),

last_words as (

    select
        *,
        row_number() over (
            partition by metric_id, country_code, category_id, valid_from
            order by event_number desc nulls last
        ) as words_since
    from decisions

),

standing as (

    select * from last_words
    where words_since = 1 and event_kind = 'set'

)

select
    -- ids
    metric_id,
    country_code,
    category_id,

    -- numbers: without a threshold the limit of the next wider scope counts again
    threshold,
    case when country_code is null then 0 else 2 end
    + case when category_id is null then 0 else 1 end as scope_rank,

    -- dates
    valid_from,
    lead(valid_from) over (
        partition by metric_id, country_code, category_id
        order by valid_from asc nulls last
    ) as valid_until
from standing
