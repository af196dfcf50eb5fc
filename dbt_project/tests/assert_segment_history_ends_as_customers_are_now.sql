-- the spans that last are the segments that customers are in now, of each kind one at most
with kinds as (

    select distinct segment_kind from {{ ref('mart_segment_history') }}
    where segment_kind in ('rfm', 'lifecycle', 'abc')

),

now as (

    select
        segments.customer_id,
        kinds.segment_kind,
        case kinds.segment_kind
            when 'rfm' then 'rfm_' || segments.rfm_segment
            when 'lifecycle' then 'lifecycle_' || segments.lifecycle_stage
            else 'abc_' || segments.abc_class
        end as segment_id
    from {{ ref('mart_customer_segments') }} as segments
    cross join kinds
    where
        segments.lifecycle_stage <> 'prospect'
        and not (kinds.segment_kind = 'rfm' and segments.rfm_segment = 'unscored')

),

lasting as (

    select
        customer_id,
        segment_kind,
        segment_id
    from {{ ref('mart_segment_history') }}
    where valid_to is null and segment_kind in ('rfm', 'lifecycle', 'abc')

)

select
    coalesce(now.customer_id, lasting.customer_id) as customer_id,
    now.segment_id as segment_now,
    lasting.segment_id as segment_in_history
from now
full outer join lasting
    on
        now.customer_id = lasting.customer_id
        and now.segment_kind = lasting.segment_kind
        and now.segment_id = lasting.segment_id
where now.segment_id is null or lasting.segment_id is null
