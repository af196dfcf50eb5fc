-- audience: operator, vendor
select
    vendor_id,
    metric_id,
    level,
    unit_count,
    innocent_rate,
    guilty_rate,
    from_count,
    accused_share,
    caught_share,
    from_count_by_fixed_prior,
    accused_share_by_fixed_prior,
    caught_share_by_fixed_prior
from marts.mart_vendor_rule_errors
where
    vendor_id = $vendor_id
    and metric_id = $metric_id
order by level desc nulls last
