-- audience: operator
select
    history.segment_id,
    count(case when history.valid_to is null then 1 end) as customer_count,
    count(case when history.valid_to is null then 1 end)
    - count(
        case
            when
                history.valid_from <= $from_date
                and (history.valid_to is null or history.valid_to > $from_date)
                then 1
        end
    ) as customer_change,
    sum(case when history.valid_to is null then segments.monetary else 0 end) as net_sales
from marts.mart_segment_history as history
inner join marts.mart_customer_segments as segments
    on history.customer_id = segments.customer_id
where history.segment_kind = $segment_kind
group by history.segment_id
