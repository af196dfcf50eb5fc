-- audience: operator
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
left join marts.mart_segment_history as earlier
    on
        segments.customer_id = earlier.customer_id
        and earlier.segment_kind = $segment_kind
        and earlier.valid_from <= $from_date
        and (earlier.valid_to is null or earlier.valid_to > $from_date)
left join marts.mart_segment_history as later
    on
        segments.customer_id = later.customer_id
        and later.segment_kind = $segment_kind
        and later.valid_from <= $to_date
        and (later.valid_to is null or later.valid_to > $to_date)
where
    (
        $segment_before is null
        or earlier.segment_id = $segment_before
        or ($segment_before = '' and earlier.segment_id is null)
    )
    and (
        $segment_after is null
        or later.segment_id = $segment_after
        or ($segment_after = '' and later.segment_id is null)
    )
    and (
        ($segment_before is null and $segment_after is null)
        or earlier.customer_id is not null
        or later.customer_id is not null
    )
