-- audience: operator
select
    segment,
    rule_state,
    rule_reason,
    model_state,
    model_reason,
    count(*) as customers,
    sum(historic_value) as historic_value
from marts.mart_churn
group by segment, rule_state, rule_reason, model_state, model_reason
order by segment asc, customers desc
