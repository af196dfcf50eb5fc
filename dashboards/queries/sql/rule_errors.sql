-- audience: operator, vendor
select
    vendor_id,
    metric_id,
    level,
    unit_count,
    innocent_rate,
    guilty_rate,
    innocent_rating,
    guilty_rating,
    from_count,
    from_rating,
    accused_share,
    caught_share,
    from_count_by_fixed_prior,
    from_rating_by_fixed_prior,
    accused_share_by_fixed_prior,
    caught_share_by_fixed_prior
from marts.mart_vendor_rule_errors
where
    vendor_id = $vendor_id
    and metric_id = $metric_id
    -- of the vendor score there is only the limit at which states begin
    and unit_count is not null
order by level desc nulls last
