-- audience: operator
with days as (

    select
        max(valid_from) as last_day,
        max(case when valid_from < as_of_date then valid_from end) as day_before
    from marts.mart_segment_history

),

sizes as (

    select
        history.segment_id,
        count(*) filter (where history.valid_to is null) as customer_count,
        count(*) filter (
            where
            history.valid_from <= days.day_before
            and (history.valid_to is null or history.valid_to > days.day_before)
        ) as previous_customer_count,
        coalesce(
            sum(segments.monetary) filter (where history.valid_to is null), 0
        ) as net_sales,
        max(days.day_before) as day_before
    from marts.mart_segment_history as history
    inner join marts.mart_customer_segments as segments
        on history.customer_id = segments.customer_id
    cross join days
    where history.segment_kind = $segment_kind
    group by history.segment_id

)

select
    segment_id,
    customer_count,
    previous_customer_count,
    net_sales,
    day_before,
    customer_count / nullif(sum(customer_count) over (), 0) as customer_share,
    net_sales / nullif(sum(net_sales) over (), 0) as net_sales_share
from sizes
