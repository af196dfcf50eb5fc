select
    order_id || ' ' || order_line_id as subject_id,
    vendor_id
from {{ ref('int_order_lines_matched_to_vendor') }}
where is_vendor_unlike_its_order
