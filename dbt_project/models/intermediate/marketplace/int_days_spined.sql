with first_orders as (

    select min(order_date) as first_order_date
    from {{ ref('int_orders_resolved') }}

),

days as (

    select {{ days_after('first_orders.first_order_date', 'numbers.number_value') }} as order_date
    from {{ ref('int_numbers_spined') }} as numbers
    cross join first_orders
    where
        numbers.number_value
        <= {{ days_between('first_orders.first_order_date', as_of_date()) }}

)

select order_date
from days
