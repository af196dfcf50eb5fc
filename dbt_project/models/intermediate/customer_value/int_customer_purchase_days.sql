{{ config(materialized='table') }}

{# Two orders of one day are one decision to buy; what was wholly cancelled or sent back is none. #}
select
    customer_id,
    order_date,
    {{ money('sum(gmv_net)') }} as net_sales
from {{ ref('fct_orders') }}
where customer_id is not null
group by customer_id, order_date
having sum(gmv_net) > 0
