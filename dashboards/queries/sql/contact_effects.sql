-- audience: operator
select
    metric,
    estimator,
    currency_code,
    sent_count,
    holdout_count,
    sent_mean,
    holdout_mean,
    lift_mean,
    lift_lower,
    lift_upper
from marts.mart_export_effect
where contact_kind = 'all'
order by metric asc, estimator asc
