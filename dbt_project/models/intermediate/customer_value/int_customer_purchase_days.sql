{{ config(materialized='table') }}

{# Two orders of one day are one decision to buy; what was wholly cancelled or sent back is none.
   The margin is what net sales leave after the cost of the goods that the customer kept. A few
   costs that nobody told are taken to be as all others; with more than a twentieth of net sales
   without a cost there is no margin at all, for half of one would be a wrong number. #}
{%- set least_known_share = 0.95 %}
with costs_of_orders as (

    select
        order_id,
        sum(case when cost_amount is null then gmv_net end) as net_sales_without_cost,
        sum(
            coalesce(
                {{ money(rounded('cast(cost_amount as double) * ' ~ ratio('gmv_net', 'gmv'))) }},
                cost_amount
            )
        ) as kept_cost
    from {{ ref('fct_order_lines') }}
    where is_in_gmv_net
    group by order_id

),

purchase_days as (

    select
        orders.customer_id,
        orders.order_date,
        sum(orders.gmv_net) as net_sales,
        coalesce(sum(costs_of_orders.net_sales_without_cost), 0) as net_sales_without_cost,
        coalesce(sum(costs_of_orders.kept_cost), 0) as kept_cost
    from {{ ref('fct_orders') }} as orders
    left join costs_of_orders
        on orders.order_id = costs_of_orders.order_id
    where orders.customer_id is not null
    group by orders.customer_id, orders.order_date
    having sum(orders.gmv_net) > 0

),

known as (

    select
        {{ ratio('sum(net_sales - net_sales_without_cost)', 'sum(net_sales)') }} as known_share,
        {{ ratio('sum(kept_cost)', 'sum(net_sales - net_sales_without_cost)') }} as cost_rate
    from purchase_days

)

select
    purchase_days.customer_id,
    purchase_days.order_date,
    {{ money('purchase_days.net_sales') }} as net_sales,
    case
        when known.known_share >= {{ least_known_share }}
            then {{ money('purchase_days.net_sales - purchase_days.kept_cost - '
                ~ money(rounded(
                    'cast(purchase_days.net_sales_without_cost as double) * known.cost_rate'
                ))) }}
    end as margin
from purchase_days
cross join known
