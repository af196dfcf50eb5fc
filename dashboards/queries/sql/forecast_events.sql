-- audience: operator
select
    kind,
    event_name,
    status,
    line_count,
    expected_line_count,
    effect,
    effect_lower,
    effect_upper,
    line_effect,
    line_effect_lower,
    line_effect_upper,
    first_date,
    last_date,
    -- what an event did stands before those of which nothing is known yet
    case when status = 'to_come' then 1 else 0 end as to_come_rank
from marts.mart_event_effect
where
    ($kind is null or kind = $kind)
    and ($status is null or status = $status)
