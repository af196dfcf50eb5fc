-- audience: operator
select
    effect_of,
    campaign_id,
    campaign_name,
    export_name,
    contact_kind,
    metric,
    estimator,
    currency_code,
    sent_count,
    holdout_count,
    sent_mean,
    holdout_mean,
    lift_mean,
    lift_lower,
    lift_upper,
    first_contacted_on,
    last_contacted_on
from marts.mart_export_effect
where
    contact_kind <> 'all'
    and ($metric is null or metric = $metric)
    and ($estimator is null or estimator = $estimator)
    and (not $told_only or lift_lower is not null)
