select
    order_id || ' ' || order_line_id as subject_id,
    returned_quantity,
    quantity
from {{ ref('fct_order_lines') }}
where returned_quantity > quantity
