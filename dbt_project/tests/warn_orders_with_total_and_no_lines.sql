select
    order_id as subject_id,
    total_amount
from {{ ref('fct_orders') }}
where line_count = 0 and total_amount > 0 and not is_cancelled and status <> 'unavailable'
