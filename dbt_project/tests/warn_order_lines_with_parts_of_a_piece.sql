select
    order_id || ' ' || order_line_id as subject_id,
    quantity
from {{ ref('fct_order_lines') }}
where unit = 'piece' and quantity <> round(quantity, 0)
