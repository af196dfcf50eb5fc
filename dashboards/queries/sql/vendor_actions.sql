-- audience: vendor
select
    vendor_id,
    action_id,
    metric_id,
    metric_name,
    unit,
    unit_count,
    gmv,
    currency_code,
    rate_without,
    rate_with,
    threshold,
    effect,
    effort_minutes,
    action_rank,
    is_higher_better,
    window_end,
    due_at
from marts.mart_vendor_actions
where vendor_id = $vendor_id
order by action_rank asc
