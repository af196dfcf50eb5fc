-- audience: operator
select
    history.segment_id,
    history.segment_kind,
    segments.title,
    history.is_holdout,
    history.valid_from,
    history.valid_to
from marts.mart_segment_history as history
left join marts.mart_segments as segments
    on history.segment_id = segments.segment_id and history.segment_kind = 'rule'
where history.customer_id = $customer_id
order by
    history.valid_to desc nulls first,
    history.valid_from desc,
    history.segment_id asc
limit $row_limit
