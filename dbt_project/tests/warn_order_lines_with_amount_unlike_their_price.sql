-- a unit price is rounded to the cent at the coarsest
select
    order_id || ' ' || order_line_id as subject_id,
    original_gmv
from {{ ref('int_order_lines_valued') }}
where
    abs(original_gmv + original_discount_amount - quantity * original_unit_price)
    > 0.005 * quantity + 0.01
