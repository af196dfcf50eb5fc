{# In which segments customers were, found on each of the days: from the first day that finds them
   there to the first that does not. #}
with found as (

    select
        customer_id,
        segment_date,
        rfm_segment,
        lifecycle_stage,
        abc_class,
        lag(rfm_segment) over so_far as rfm_before,
        lag(lifecycle_stage) over so_far as lifecycle_before,
        lag(abc_class) over so_far as abc_before
    from {{ ref('int_customers_scored') }}
    window so_far as (partition by customer_id order by segment_date asc nulls last)

),

changed as (

    select
        customer_id,
        segment_date,
        'rfm' as segment_kind,
        'rfm_' || rfm_segment as segment_id
    from found
    where coalesce(rfm_segment, '') <> coalesce(rfm_before, '')
    union all
    select
        customer_id,
        segment_date,
        'lifecycle' as segment_kind,
        'lifecycle_' || lifecycle_stage as segment_id
    from found
    where coalesce(lifecycle_stage, '') <> coalesce(lifecycle_before, '')
    union all
    select
        customer_id,
        segment_date,
        'abc' as segment_kind,
        'abc_' || abc_class as segment_id
    from found
    where coalesce(abc_class, '') <> coalesce(abc_before, '')

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
    from changed

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
