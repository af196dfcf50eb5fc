-- audience: operator
select
    segment,
    model,
    is_chosen,
    count(distinct holdout_begins) as holdout_count,
    sum(log_score * customers) / sum(customers) as log_score,
    case when sum(actual_orders) > 0 then sum(predicted_orders) / sum(actual_orders) end
        as predicted_per_actual,
    sum(covered_share * customers) / sum(customers) as covered_share
from marts.mart_clv_calibration
group by segment, model, is_chosen
order by segment asc nulls last, log_score desc nulls last, model asc nulls last
