{# How long the stages of orders take, by the month of the order. What has not ended yet is counted
   beside the times: without it a month that is not over looks fast. #}
with orders as (

    select
        order_id,
        approved_at
    from {{ ref('fct_orders') }}

),

parts as (

    select
        parts.order_id,
        parts.vendor_id,
        parts.ordered_at,
        orders.approved_at,
        parts.shipped_at,
        parts.delivered_at,
        cast(date_trunc('month', parts.order_date) as date) as order_month
    from {{ ref('fct_vendor_orders') }} as parts
    inner join orders
        on parts.order_id = orders.order_id
    where not parts.is_cancelled and parts.status not in ('cancelled', 'unavailable')

),

answers as (

    select
        order_id,
        vendor_id,
        min(case when step = 'sent_to_vendor' then occurred_at end) as sent_at,
        min(case when step = 'accepted' then occurred_at end) as accepted_at
    from {{ ref('fct_order_steps') }}
    where vendor_id is not null and step in ('sent_to_vendor', 'accepted')
    group by order_id, vendor_id

),

stages as (

    select
        'approval' as order_stage,
        order_month,
        ordered_at as begun_at,
        approved_at as ended_at
    from parts
    union all
    select
        'acceptance' as order_stage,
        parts.order_month,
        answers.sent_at as begun_at,
        answers.accepted_at as ended_at
    from parts
    inner join answers
        on parts.order_id = answers.order_id and parts.vendor_id = answers.vendor_id
    union all
    select
        'shipment' as order_stage,
        order_month,
        coalesce(approved_at, ordered_at) as begun_at,
        shipped_at as ended_at
    from parts
    union all
    select
        'delivery' as order_stage,
        order_month,
        shipped_at as begun_at,
        delivered_at as ended_at
    from parts
    union all
    select
        'whole' as order_stage,
        order_month,
        ordered_at as begun_at,
        delivered_at as ended_at
    from parts

),

timed as (

    -- what ends before it begins is a fault of the source and no time
    select
        order_stage,
        order_month,
        ended_at is null as is_running,
        {{ hours_between('begun_at', 'ended_at') }} as hours
    from stages
    where begun_at is not null and (ended_at is null or ended_at >= begun_at)

),

ranked as (

    select
        *,
        row_number() over (
            partition by order_stage, order_month, is_running order by hours nulls last
        ) as place,
        count(*) over (partition by order_stage, order_month, is_running) as place_count
    from timed

)

select
    -- text
    order_stage,

    -- numbers
    cast(count_if(not is_running) as bigint) as ended_count,
    cast(count_if(is_running) as bigint) as running_count,
    -- nearest rank: a time that occurred, not a mixture of two
    min(case when not is_running and place * 2 >= place_count then hours end) as median_hours,
    min(case when not is_running and place * 10 >= place_count * 9 then hours end) as p90_hours,

    -- dates
    order_month,
    {{ as_of_date() }} as as_of_date
from ranked
group by order_stage, order_month
