select
    order_id || ' ' || order_line_id as subject_id,
    product_id
from {{ ref('int_order_lines_matched_to_vendor') }}
where vendor_id is null
