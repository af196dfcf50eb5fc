with purchases as (

    select
        customer_id,
        cast(date_trunc('month', order_date) as date) as purchase_month,
        min(cast(date_trunc('month', order_date) as date)) over (partition by customer_id)
            as cohort_month
    from {{ ref('int_customer_purchase_days') }}

),

cohorts as (

    select
        cohort_month,
        count(distinct customer_id) as customers
    from purchases
    group by cohort_month

),

active as (

    select
        cohort_month,
        purchase_month,
        count(distinct customer_id) as active_customers
    from purchases
    group by cohort_month, purchase_month

),

first_cohorts as (

    select min(cohort_month) as first_month from cohorts

),

-- every cohort has as many cells as the oldest: those of the future are empty, not zero
cells as (

    select
        cohorts.cohort_month,
        cohorts.customers,
        numbers.number_value as month_index,
        cast(cohorts.cohort_month + numbers.number_value * interval '1' month as date)
            as active_month
    from cohorts
    cross join first_cohorts
    inner join {{ ref('int_numbers_spined') }} as numbers
        on
            cast(first_cohorts.first_month + numbers.number_value * interval '1' month as date)
            <= {{ as_of_date() }}

)

select
    -- numbers
    cast(cells.month_index as bigint) as month_index,
    cells.customers,
    case
        when cells.active_month <= {{ as_of_date() }} then coalesce(active.active_customers, 0)
    end as active_customers,
    case
        when cells.active_month <= {{ as_of_date() }}
            then {{ ratio('coalesce(active.active_customers, 0)', 'cells.customers') }}
    end as retention_rate,

    -- booleans
    cast(cells.active_month + interval '1' month as date) <= {{ as_of_end_date() }}
        as is_complete,

    -- dates
    cells.cohort_month,
    {{ as_of_date() }} as as_of_date
from cells
left join active
    on
        cells.cohort_month = active.cohort_month
        and cells.active_month = active.purchase_month
