{# Everything that a vendor learns of others is made of classes, each a quarter of the limit wide.
   Whoever knows all the others' figures still cannot tell values of one class apart, however often
   and of whatever months it is published: exact quartiles would give a single vendor away. #}
with measured as (

    select
        vendor_id,
        metric_id,
        metric_name,
        unit,
        threshold,
        is_higher_better,
        window_start,
        window_end,
        denominator,
        {{ ratio('numerator', 'denominator') }} as rate,
        {{ peer_class_width() }} as class_width
    from {{ ref('int_vendor_metrics_summed_to_window') }}
    where is_judged and window_end = {{ peer_month() }} and threshold is not null

),

classed as (

    select
        *,
        -- what is three times as far from the best value as the limit is one class
        case
            when denominator >= 30
                then
                    least(
                        cast(
                            floor(
                                case
                                    when unit = 'rate' and is_higher_better then 1 - rate
                                    when unit = 'score' then 5 - rate
                                    else rate
                                end / nullif(class_width, 0)
                            ) as bigint
                        ),
                        12
                    )
        end as own_class
    from measured

),

grouped as (

    select
        classed.vendor_id,
        classed.metric_id,
        classed.own_class,
        peers.peer_kind,
        peers.peer_group_id,
        peers.peer_rank,
        peers.gmv,
        count(*) over (
            partition by peers.peer_kind, peers.peer_group_id, classed.metric_id
        ) - 1 as peer_count,
        sum(peers.gmv) over (
            partition by peers.peer_kind, peers.peer_group_id, classed.metric_id
        ) - peers.gmv as peer_gmv,
        row_number() over (
            partition by peers.peer_kind, peers.peer_group_id, classed.metric_id
            order by peers.gmv desc nulls last, classed.vendor_id asc nulls last
        ) as gmv_rank
    from classed
    inner join {{ ref('int_vendors_grouped_to_peers') }} as peers
        on classed.vendor_id = peers.vendor_id
    -- of few units a value is chance
    where classed.own_class is not null

),

largest as (

    select
        peer_kind,
        peer_group_id,
        metric_id,
        max(case when gmv_rank = 1 then gmv end) as largest_gmv,
        max(case when gmv_rank = 2 then gmv end) as second_gmv
    from grouped
    group by peer_kind, peer_group_id, metric_id

),

-- the closest group that is large enough and in which nobody outweighs the others
comparable as (

    select
        grouped.vendor_id,
        grouped.metric_id,
        grouped.own_class,
        grouped.peer_kind,
        grouped.peer_group_id,
        grouped.peer_count
    from grouped
    inner join largest
        on
            grouped.peer_kind = largest.peer_kind
            and grouped.peer_group_id = largest.peer_group_id
            and grouped.metric_id = largest.metric_id
    where
        grouped.peer_count >= 10
        and case when grouped.gmv_rank = 1 then largest.second_gmv else largest.largest_gmv end * 4
        <= grouped.peer_gmv
    qualify
        row_number() over (
            partition by grouped.vendor_id, grouped.metric_id
            order by grouped.peer_rank asc nulls last
        ) = 1

),

classes as (

    select
        peer_kind,
        peer_group_id,
        metric_id,
        own_class as peer_class,
        sum(count(*)) over (
            partition by peer_kind, peer_group_id, metric_id
            order by own_class asc nulls last
            rows between unbounded preceding and current row
        ) as count_so_far
    from grouped
    group by peer_kind, peer_group_id, metric_id, own_class

),

quartiles as (

    select
        comparable.vendor_id,
        comparable.metric_id,
        comparable.peer_kind,
        comparable.peer_count,
        min(
            case
                when
                    (
                        classes.count_so_far
                        - case when comparable.own_class <= classes.peer_class then 1 else 0 end
                    ) * 4 >= comparable.peer_count
                    then classes.peer_class
            end
        ) as first_class,
        min(
            case
                when
                    (
                        classes.count_so_far
                        - case when comparable.own_class <= classes.peer_class then 1 else 0 end
                    ) * 2 >= comparable.peer_count
                    then classes.peer_class
            end
        ) as middle_class,
        min(
            case
                when
                    (
                        classes.count_so_far
                        - case when comparable.own_class <= classes.peer_class then 1 else 0 end
                    ) * 4 >= comparable.peer_count * 3
                    then classes.peer_class
            end
        ) as third_class
    from comparable
    inner join classes
        on
            comparable.peer_kind = classes.peer_kind
            and comparable.peer_group_id = classes.peer_group_id
            and comparable.metric_id = classes.metric_id
    group by
        comparable.vendor_id, comparable.metric_id, comparable.peer_kind, comparable.peer_count

)

select
    -- ids
    classed.vendor_id,
    classed.metric_id,

    -- text
    classed.metric_name,
    classed.unit,
    case
        when classed.own_class is null then 'too_few_units'
        when quartiles.vendor_id is null then 'no_peers'
        else 'shown'
    end as comparison,
    quartiles.peer_kind,

    -- numbers
    cast(
        case
            when quartiles.peer_count >= 100 then 100
            when quartiles.peer_count >= 50 then 50
            when quartiles.peer_count >= 20 then 20
            when quartiles.peer_count >= 10 then 10
        end as bigint
    ) as least_peer_count,
    cast(
        case
            when classed.own_class <= quartiles.first_class then 1
            when classed.own_class <= quartiles.middle_class then 2
            when classed.own_class <= quartiles.third_class then 3
            when classed.own_class > quartiles.third_class then 4
        end as bigint
    ) as own_quarter,
    {{ peer_class_begin('quartiles.first_class') }} as peers_best,
    case
        when quartiles.third_class < 12
            then {{ peer_class_begin('quartiles.third_class + 1') }}
    end as peers_worst,
    classed.rate,
    classed.threshold,

    -- booleans
    classed.is_higher_better,

    -- dates
    classed.window_start,
    classed.window_end,
    {{ as_of_date() }} as as_of_date
from classed
left join quartiles
    on classed.vendor_id = quartiles.vendor_id and classed.metric_id = quartiles.metric_id
