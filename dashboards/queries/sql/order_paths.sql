-- audience: operator
with orders as (
    select
        visitor_id,
        session_id,
        started_at,
        channel
    from marts.fct_sessions
    where
        session_kind = 'human' and purchased
        and session_date >= $first_day and session_date < $end_day
),

touches as (
    select
        orders.session_id,
        touch.channel,
        touch.started_at
    from orders
    inner join marts.fct_sessions as touch
        on
            orders.visitor_id = touch.visitor_id
            and touch.started_at <= orders.started_at
            and touch.started_at >= orders.started_at - interval '30' day
            and touch.session_kind = 'human'
),

paths as (
    select
        session_id,
        string_agg(channel, ' > ' order by started_at) as channels,
        count(*) as touches
    from touches
    group by session_id
)

select
    channels,
    count(*) as orders
from paths
where touches <= 6
group by channels
order by orders desc, channels
limit 10
