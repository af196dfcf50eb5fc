-- audience: operator
select
    event_name,
    like_event_name,
    like_effect,
    like_effect_lower,
    like_effect_upper,
    first_date,
    last_date,
    count(distinct case when is_at_risk then vendor_id end) as vendors_at_risk,
    count(distinct vendor_id) as vendor_count
from marts.mart_peak_readiness
group by
    event_name,
    like_event_name,
    like_effect,
    like_effect_lower,
    like_effect_upper,
    first_date,
    last_date
