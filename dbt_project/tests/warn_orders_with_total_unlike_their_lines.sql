-- a cent for each line is rounding; where the tax is not stated it may be any part of the total
select
    order_id as subject_id,
    total_amount,
    gmv
from {{ ref('fct_orders') }}
where
    line_count > 0
    and (
        total_amount - (gmv + shipping_amount - coalesce(discount_amount, 0) + coalesce(tax_amount, 0))
        < -0.01 * (line_count + 1)
        or (
            tax_amount is not null
            and total_amount - (gmv + shipping_amount - coalesce(discount_amount, 0) + tax_amount)
            > 0.01 * (line_count + 1)
        )
    )
