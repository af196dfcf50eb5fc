-- audience: operator
-- whoever is in no segment of the kind is a row, too: the rows add up to all customers
select
    history.segment_id,
    count(*) as customer_count,
    sum(customer_value.historic_value) as historic_value,
    sum(customer_value.clv_12m) as clv_12m,
    sum(cast(customer_value.clv_12m as double)) / count(*) as mean_clv,
    sum(cast(customer_value.clv_12m_lower as double)) / count(*) as mean_lower,
    sum(cast(customer_value.clv_12m_upper as double)) / count(*) as mean_upper
from marts.mart_customer_value as customer_value
left join marts.mart_segment_history as history
    on
        customer_value.customer_id = history.customer_id
        and history.segment_kind = $segment_kind
        and history.valid_to is null
where customer_value.status = 'predicted'
group by history.segment_id
