-- audience: operator
select
    segment_id,
    subject_kind,
    segment_version,
    origin,
    title,
    rule,
    finding,
    member_count,
    unknown_count,
    holdout_share,
    holdout_count,
    is_evaluated,
    evaluated_date
from marts.mart_segments
order by segment_id
