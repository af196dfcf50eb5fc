-- audience: operator
with before as (

    select
        customer_id,
        segment_id
    from marts.mart_segment_history
    where
        segment_kind = $segment_kind
        and valid_from <= $from_date
        and (valid_to is null or valid_to > $from_date)

),

after as (

    select
        customer_id,
        segment_id
    from marts.mart_segment_history
    where
        segment_kind = $segment_kind
        and valid_from <= $to_date
        and (valid_to is null or valid_to > $to_date)

)

select
    coalesce(before.segment_id, '') as segment_before,
    coalesce(after.segment_id, '') as segment_after,
    count(*) as customer_count
from before
full outer join after
    on before.customer_id = after.customer_id
group by coalesce(before.segment_id, ''), coalesce(after.segment_id, '')
