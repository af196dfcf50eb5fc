-- a cent for each line is rounding; where the tax is not stated it may be any part of the total
with compared as (

    select
        order_id,
        total_amount,
        gmv,
        tax_amount,
        0.01 * (line_count + 1) as rounding,
        total_amount - coalesce(tax_amount, 0)
        - (gmv + shipping_amount - coalesce(discount_amount, 0)) as difference
    from {{ ref('fct_orders') }}
    where line_count > 0

)

select
    order_id as subject_id,
    total_amount,
    gmv
from compared
where difference < -rounding or (tax_amount is not null and difference > rounding)
