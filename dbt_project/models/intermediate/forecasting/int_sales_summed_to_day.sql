with sales as (

    select
        vendor_id,
        coalesce(category_id, 'unknown') as category_id,
        order_date,
        cast(sum(gmv) as double) as gmv,
        count(case when not is_cancelled then 1 end) as line_count
    from {{ ref('fct_order_lines') }}
    where gmv is not null
    group by vendor_id, coalesce(category_id, 'unknown'), order_date

),

known as (

    select
        min(order_date) as first_order_date,
        {{ days_before(as_of_end_date(), iso_weekday(as_of_end_date())) }} as issued_on
    from sales

)

select
    -- ids
    sales.vendor_id,
    sales.category_id,

    -- numbers
    sales.gmv,
    sales.line_count,

    -- dates
    sales.order_date,
    known.first_order_date,
    known.issued_on
from sales
cross join known
where sales.order_date <= known.issued_on
