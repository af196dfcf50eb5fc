select
    return_id as subject_id,
    refund_amount
from {{ ref('int_returns_matched_to_order_line') }}
where order_line_id is null and coalesce(status, 'refunded') not in ('requested', 'refused')
