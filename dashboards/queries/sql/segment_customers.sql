-- audience: operator
with before as (

    select
        customer_id,
        segment_id
    from marts.mart_segment_history
    where
        segment_kind = $segment_kind
        and valid_from <= $from_date
        and (valid_to is null or valid_to > $from_date)

),

after as (

    select
        customer_id,
        segment_id
    from marts.mart_segment_history
    where
        segment_kind = $segment_kind
        and valid_from <= $to_date
        and (valid_to is null or valid_to > $to_date)

)

select
    segments.customer_id,
    segments.rfm_segment,
    segments.lifecycle_stage,
    segments.abc_class,
    segments.recency_days,
    segments.frequency,
    segments.monetary,
    segments.r_score,
    segments.f_score,
    segments.m_score,
    segments.first_purchase_date,
    segments.last_purchase_date
from marts.mart_customer_segments as segments
left join before
    on segments.customer_id = before.customer_id
left join after
    on segments.customer_id = after.customer_id
where
    ($segment_before is null or coalesce(before.segment_id, '') = $segment_before)
    and ($segment_after is null or coalesce(after.segment_id, '') = $segment_after)
    and (
        ($segment_before is null and $segment_after is null)
        or before.customer_id is not null
        or after.customer_id is not null
    )
