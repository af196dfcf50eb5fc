-- audience: operator
select
    earlier.segment_id as segment_before,
    later.segment_id as segment_after,
    count(*) as customer_count
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
where earlier.segment_id is not null or later.segment_id is not null
group by earlier.segment_id, later.segment_id
