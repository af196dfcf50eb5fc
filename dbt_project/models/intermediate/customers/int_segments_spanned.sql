{# In which segments customers were, found on each of the days: from the first day that finds them
   there to the first that does not. #}
with kinds as (

    select 'rfm' as segment_kind
    union all
    select 'lifecycle' as segment_kind
    union all
    select 'abc' as segment_kind

),

found as (

    select
        scored.customer_id,
        scored.segment_date,
        kinds.segment_kind,
        case kinds.segment_kind
            when 'rfm' then 'rfm_' || scored.rfm_segment
            when 'lifecycle' then 'lifecycle_' || scored.lifecycle_stage
            when 'abc' then 'abc_' || scored.abc_class
        end as segment_id
    from {{ ref('int_customers_scored') }} as scored
    cross join kinds

),

compared as (

    select
        *,
        lag(segment_id) over (
            partition by customer_id, segment_kind order by segment_date asc nulls last
        ) as segment_before
    from found

),

begun as (

    select
        customer_id,
        segment_kind,
        segment_id,
        segment_date as valid_from,
        lead(segment_date) over (
            partition by customer_id, segment_kind order by segment_date asc nulls last
        ) as valid_to
    from compared
    where coalesce(segment_id, '') <> coalesce(segment_before, '')

)

select
    -- ids
    customer_id,
    segment_id,

    -- text
    segment_kind,

    -- dates
    valid_from,
    valid_to
from begun
-- who has left the window is in none
where segment_id is not null
