{# How far apart a customer's purchases lie, and how long it has been silent. Two gaps are the least
   that show a rhythm. #}
with gaps as (

    select
        customer_id,
        net_sales,
        order_date,
        {{ days_between(
            'lag(order_date) over (partition by customer_id order by order_date asc nulls last)',
            'order_date'
        ) }} as gap_days,
        {{ days_between(
            'max(order_date) over (partition by customer_id)', as_of_date()
        ) }} as silence_days
    from {{ ref('int_customer_purchase_days') }}

),

summed as (

    select
        customer_id,
        silence_days,
        count(*) as purchase_count,
        sum(net_sales) as net_sales,
        case when count(gap_days) >= 2 then median(gap_days) end as median_gap_days,
        case when count(gap_days) >= 2 then max(gap_days) end as longest_gap_days,
        case
            when count(gap_days) >= 2
                then {{ ratio(
                    'sum(case when gap_days < silence_days then 1 else 0 end)', 'count(gap_days)'
                ) }}
        end as shorter_gap_share,
        min(order_date) as first_purchase_date,
        max(order_date) as last_purchase_date
    from gaps
    group by customer_id, silence_days

),

limited as (

    select
        *,
        -- whoever buys every week is not gone after a month
        greatest(90, cast(ceil(3 * median_gap_days) as bigint)) as given_limit_days
    from summed

)

select
    -- ids
    limited.customer_id,

    -- text
    coalesce(customers.customer_type, 'unknown') as segment,

    -- numbers
    cast(limited.purchase_count as bigint) as purchase_count,
    {{ money('limited.net_sales') }} as historic_value,
    cast(limited.silence_days as bigint) as silence_days,
    cast(limited.median_gap_days as double) as median_gap_days,
    cast(limited.longest_gap_days as bigint) as longest_gap_days,
    limited.shorter_gap_share,
    case when limited.median_gap_days is not null then limited.given_limit_days end
        as limit_days,

    -- dates
    limited.first_purchase_date,
    limited.last_purchase_date,
    case
        when
            limited.median_gap_days is not null
            and limited.silence_days > limited.given_limit_days
            then {{ days_after('limited.last_purchase_date', '(limited.given_limit_days + 1)') }}
    end as lapsed_on
from limited
left join {{ ref('int_customers_merged') }} as customers
    on limited.customer_id = customers.customer_id
