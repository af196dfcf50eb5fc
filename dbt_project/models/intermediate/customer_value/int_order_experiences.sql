{{ config(materialized='table') }}

{# What each order met with within sixty days, and whether its customer ordered again in the ninety
   days after these. The two do not overlap: who met with something had the same time to order as
   who did not, and somebody whom it drove away at once has no order after it (a landmark, Anderson
   et al. 1983). An experience is NULL where the order could not have it or nothing would tell. #}
{%- set experience_days = 60 %}
{%- set again_days = 90 %}
with orders as (

    select
        *,
        {{ days_after('order_date', experience_days) }} as landmark_date
    from {{ ref('fct_orders') }}
    where customer_id is not null

),

numbered as (

    select
        *,
        row_number() over so_far as order_number,
        lag(order_date) over so_far as order_date_before,
        min(order_date) over (partition by customer_id) as first_order_date,
        sum(coalesce(gmv, 0)) over (
            partition by customer_id
            order by ordered_at asc nulls last, order_id asc nulls last
            rows between unbounded preceding and current row
        ) as spend_so_far
    from orders
    window so_far as (
        partition by customer_id
        order by ordered_at asc nulls last, order_id asc nulls last
    )

),

{# Orders and landmarks in one line, so that each is passed once however many a customer has. #}
moments as (

    select
        customer_id,
        cast(null as string) as order_id,
        order_date as moment_date,
        order_date as ordered_date
    from orders
    union all
    select
        customer_id,
        order_id,
        landmark_date as moment_date,
        cast(null as date) as ordered_date
    from orders

),

followed as (

    select
        order_id,
        min(ordered_date) over (
            partition by customer_id
            order by moment_date desc nulls last
            range between unbounded preceding and current row
        ) as next_order_date
    from moments

),

{# A promise of something that was dropped before it was sent is void. #}
promises as (

    select
        order_id,
        bool_or(coalesce(delivered_at > promised_at, true)) as is_broken
    from {{ ref('fct_order_lines') }}
    where
        promised_date < {{ as_of_end_date() }}
        and promised_date < {{ days_after('order_date', experience_days) }}
        and (shipped_at is not null or is_in_gmv_net)
    group by order_id

),

questions as (

    select
        questions.order_id,
        bool_or(questions.is_unanswered) as is_unanswered
    from {{ ref('int_order_questions_answered') }} as questions
    inner join orders
        on questions.order_id = orders.order_id
    where
        questions.patience_end_date < {{ as_of_end_date() }}
        and questions.patience_end_date < orders.landmark_date
    group by questions.order_id

),

tickets as (

    select
        order_id,
        {{ business_date('min(opened_at)') }} as opened_date
    from {{ ref('stg_helpdesk__tickets') }}
    where order_id is not null and {{ business_date('opened_at') }} < {{ as_of_end_date() }}
    group by order_id

),

{# Before the first of them nothing says that there were none. #}
ticket_records as (

    select min(opened_date) as first_date from tickets

),

prices as (

    select * from {{ ref('int_order_prices_followed') }}

)

select
    -- ids
    numbered.order_id,
    numbered.customer_id,

    -- text
    coalesce(customers.customer_type, 'unknown') as segment,
    customers.country_code,

    -- numbers
    cast(numbered.order_number as bigint) as order_number,
    cast({{ days_between('numbered.order_date_before', 'numbered.order_date') }} as bigint)
        as days_since_previous,
    {{ money('numbered.spend_so_far') }} as spend_so_far,
    cast({{ days_between('numbered.first_order_date', 'numbered.order_date') }} as bigint)
        as tenure_days,

    -- booleans
    promises.is_broken as late_delivery,
    questions.is_unanswered as unanswered_message,
    case
        when ticket_records.first_date <= numbered.order_date
            then coalesce(tickets.opened_date < numbered.landmark_date, false)
    end as ticket,
    case
        when prices.order_id is not null
            then coalesce(
                prices.is_rise
                and {{ business_date('prices.next_change_at') }}
                < least(numbered.landmark_date, {{ as_of_end_date() }}),
                false
            )
    end as price_rise,
    numbered.is_lost as lost_order,
    mod(cast(extract(day from numbered.order_date) as bigint), 2) = 0 as placebo,
    case
        when
            {{ days_after('numbered.landmark_date', again_days) }} <= {{ as_of_end_date() }}
            then coalesce(
                followed.next_order_date
                < {{ days_after('numbered.landmark_date', again_days) }},
                false
            )
    end as ordered_again,

    -- dates
    numbered.order_date
from numbered
inner join followed
    on numbered.order_id = followed.order_id
cross join ticket_records
left join {{ ref('int_customers_merged') }} as customers
    on numbered.customer_id = customers.customer_id
left join promises
    on numbered.order_id = promises.order_id
left join questions
    on numbered.order_id = questions.order_id
left join tickets
    on numbered.order_id = tickets.order_id
left join prices
    on numbered.order_id = prices.order_id
