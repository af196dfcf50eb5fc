with purchases as (

    select
        order_month,
        customer_group,
        count(*) as customers,
        sum(purchase_count) as purchase_count,
        sum(net_sales) as net_sales
    from {{ ref('int_customer_purchases_summed_to_month') }}
    group by order_month, customer_group

),

costs as (

    select * from {{ ref('int_campaign_costs_summed_to_month') }}

),

{# Without a single cost on record nobody knows what campaigns cost; with some, none is none. #}
known as (

    select
        count(*) > 0 as has_costs,
        min(cost_month) as first_month
    from costs

),

months as (

    select distinct order_month from purchases

),

first_months as (

    select
        least(min(months.order_month), coalesce(min(known.first_month), min(months.order_month)))
            as first_month
    from months
    cross join known

),

cells as (

    select
        cast(first_months.first_month + numbers.number_value * interval '1' month as date)
            as order_month,
        sides.customer_group
    from first_months
    inner join {{ ref('int_numbers_spined') }} as numbers
        on
            cast(first_months.first_month + numbers.number_value * interval '1' month as date)
            <= {{ as_of_date() }}
    cross join (
        values ('new'), ('existing'), ('other')
    ) as sides (customer_group)

),

joined as (

    select
        cells.order_month,
        cells.customer_group,
        case when cells.customer_group <> 'other' then coalesce(purchases.customers, 0) end
            as customers,
        case when cells.customer_group <> 'other' then coalesce(purchases.purchase_count, 0) end
            as purchase_count,
        case when cells.customer_group <> 'other' then coalesce(purchases.net_sales, 0) end
            as net_sales,
        case
            when costs.cost_month is not null then costs.campaign_cost
            when known.has_costs and cells.order_month >= known.first_month then 0
        end as campaign_cost
    from cells
    cross join known
    left join purchases
        on
            cells.order_month = purchases.order_month
            and cells.customer_group = purchases.customer_group
    left join costs
        on
            cells.order_month = costs.cost_month
            and cells.customer_group = costs.customer_group

)

select
    -- text
    customer_group,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    customers,
    cast(purchase_count as bigint) as purchase_count,
    {{ money('net_sales') }} as net_sales,
    {{ average_money('net_sales', 'customers') }} as net_sales_per_customer,
    {{ money('campaign_cost') }} as campaign_cost,
    {{ average_money('campaign_cost', 'customers') }} as campaign_cost_per_customer,

    -- booleans
    cast(order_month + interval '1' month as date) <= {{ as_of_end_date() }} as is_complete,

    -- dates
    order_month,
    {{ as_of_date() }} as as_of_date
from joined
