-- with their signs, customers and vendors have all net sales of the 365 days, products those of the
-- lines that name one
with order_lines as (

    select
        coalesce(sum(gmv_net), 0) as net_sales,
        coalesce(sum(case when product_id is not null then gmv_net end), 0) as named_net_sales
    from {{ ref('fct_order_lines') }}
    where order_date > {{ days_before(as_of_date(), 365) }}

),

summed as (

    select
        entity_kind,
        sum(net_sales) as net_sales
    from {{ ref('mart_abc') }}
    group by entity_kind

)

select
    summed.entity_kind,
    summed.net_sales,
    order_lines.net_sales as expected_net_sales
from summed
cross join order_lines
where
    summed.net_sales <> case
        when summed.entity_kind = 'product' then order_lines.named_net_sales
        else order_lines.net_sales
    end
