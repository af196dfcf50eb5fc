{# The windows up to as_of_date and, for those of fixed length, the equally long one before. #}
with windows as (

    select * from {{ ref('trailing_windows') }}

),

first_orders as (

    select min(order_date) as first_order_date
    from {{ ref('int_orders_resolved') }}

),

window_ends as (

    select
        window_id,
        window_days,
        'current' as period,
        {{ as_of_end_date() }} as window_end
    from windows
    union all
    select
        window_id,
        window_days,
        'previous' as period,
        {{ days_before(as_of_end_date(), 'window_days') }} as window_end
    from windows
    where window_days is not null

)

select
    -- ids
    window_ends.window_id,

    -- text
    window_ends.period,

    -- dates: what has no length begins with the first order
    coalesce(
        {{ days_before('window_ends.window_end', 'window_ends.window_days') }},
        first_orders.first_order_date,
        {{ as_of_date() }}
    ) as window_start,
    window_ends.window_end
from window_ends
cross join first_orders
