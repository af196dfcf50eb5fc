{# The days on which customers are sorted into segments: each month's last and the last day. #}
with first_orders as (

    select min(order_date) as first_order_date
    from {{ ref('int_orders_resolved') }}

),

days as (

    select {{ as_of_date() }} as segment_date
    union
    select
        {{ days_before(
            "cast(date_trunc('month', " ~ as_of_date() ~ ") - number_value * interval '1' month as date)",
            1
        ) }} as segment_date
    from {{ ref('int_numbers_spined') }}
    where number_value < {{ var('segment_history_months') }}

)

select days.segment_date
from days
inner join first_orders
    on days.segment_date >= first_orders.first_order_date
