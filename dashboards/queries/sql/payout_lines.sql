-- audience: vendor
select
    vendor_id,
    statement_id,
    order_id,
    order_line_id,
    product_id,
    product_name,
    line_kind,
    currency_code,
    list_sales_amount,
    discount_amount,
    cancelled_amount,
    refund_amount,
    commission_amount,
    net_amount,
    tax_amount,
    event_date
from marts.mart_vendor_payout_lines
where
    vendor_id = $vendor_id
    and statement_id = $statement_id
