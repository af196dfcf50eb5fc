with purchases as (

    select
        customer_id,
        order_date,
        row_number() over so_far as purchase_number,
        lead(order_date) over so_far as next_date
    from {{ ref('int_customer_purchase_days') }}
    window so_far as (partition by customer_id order by order_date asc nulls last)

),

windows as (

    select
        spans.day_count,
        {{ days_before(as_of_end_date(), 'spans.day_count') }} as period_begins
    from (
        values (30), (90), (365)
    ) as spans (day_count)

),

bought_in_window as (

    select
        windows.day_count,
        windows.period_begins,
        purchases.customer_id,
        count(*) as purchase_count
    from purchases
    inner join windows
        on purchases.order_date >= windows.period_begins
    group by windows.day_count, windows.period_begins, purchases.customer_id

),

by_window as (

    select
        'window' as definition,
        day_count,
        period_begins,
        {{ as_of_end_date() }} as period_ends,
        count(*) as customers,
        sum(case when purchase_count >= 2 then 1 else 0 end) as repeat_customers,
        true as is_complete
    from bought_in_window
    group by day_count, period_begins

),

firsts as (

    select
        customer_id,
        order_date as first_date,
        next_date,
        cast(date_trunc('month', order_date) as date) as period_begins,
        cast(date_trunc('month', order_date) + interval '1' month as date) as period_ends
    from purchases
    where purchase_number = 1

),

by_cohort as (

    select
        'cohort' as definition,
        spans.day_count,
        firsts.period_begins,
        firsts.period_ends,
        count(*) as customers,
        sum(
            case
                when firsts.next_date <= {{ days_after('firsts.first_date', 'spans.day_count') }}
                    then 1
                else 0
            end
        ) as repeat_customers,
        -- the cohort's last customer has had its days, too
        {{ days_after('firsts.period_ends', 'spans.day_count') }} <= {{ as_of_end_date() }}
            as is_complete
    from firsts
    cross join (
        values (30), (90), (180), (365)
    ) as spans (day_count)
    group by spans.day_count, firsts.period_begins, firsts.period_ends

),

united as (

    select * from by_window
    union all
    select * from by_cohort

)

select
    -- text
    definition,

    -- numbers
    cast(day_count as bigint) as day_count,
    customers,
    case when is_complete then cast(repeat_customers as bigint) end as repeat_customers,
    case when is_complete then {{ ratio('repeat_customers', 'customers') }} end as repeat_rate,

    -- booleans
    is_complete,

    -- dates
    period_begins,
    period_ends,
    {{ as_of_date() }} as as_of_date
from united
