{# Four windows up to as_of_date and, for the three of fixed length, the equally long one before. #}
with first_orders as (

    select min(order_date) as first_order_date
    from {{ ref('int_orders_resolved') }}

),

lengths as (

    select
        'last_30_days' as window_id,
        30 as window_days
    union all
    select
        'last_90_days' as window_id,
        90 as window_days
    union all
    select
        'last_365_days' as window_id,
        365 as window_days

),

window_ends as (

    select
        window_id,
        window_days,
        'current' as period,
        {{ as_of_end_date() }} as window_end
    from lengths
    union all
    select
        window_id,
        window_days,
        'previous' as period,
        {{ days_before(as_of_end_date(), 'window_days') }} as window_end
    from lengths

)

select
    -- ids
    window_id,

    -- text
    period,

    -- dates
    {{ days_before('window_end', 'window_days') }} as window_start,
    window_end
from window_ends
union all
select
    'all_time' as window_id,
    'current' as period,
    coalesce(first_order_date, {{ as_of_date() }}) as window_start,
    {{ as_of_end_date() }} as window_end
from first_orders
