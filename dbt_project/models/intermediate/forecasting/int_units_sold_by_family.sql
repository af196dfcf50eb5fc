{# What vendors sold of a category in the year before forecasts were last issued: what a unit and an
   order are of sales. #}
with issues as (

    select max(issued_on) as issued_on
    from {{ ref('int_sales_summed_to_day') }}

)

select
    -- ids
    order_lines.vendor_id,
    coalesce(order_lines.category_id, 'unknown') as category_id,

    -- text
    max(order_lines.category_name) as category_name,

    -- numbers
    {{ money('sum(order_lines.gmv)') }} as gmv,
    {{ units('sum(order_lines.quantity)') }} as quantity,
    count(distinct order_lines.order_id) as order_count,

    -- dates
    max(issues.issued_on) as issued_on
from {{ ref('fct_order_lines') }} as order_lines
inner join issues
    on
        order_lines.order_date <= issues.issued_on
        and order_lines.order_date > {{ days_before('issues.issued_on', 365) }}
where order_lines.gmv is not null
group by order_lines.vendor_id, coalesce(order_lines.category_id, 'unknown')
