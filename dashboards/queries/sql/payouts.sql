-- audience: vendor
select
    vendor_id,
    statement_id,
    status,
    reason,
    currency_code,
    payout_count,
    failed_count,
    sale_count,
    return_count,
    list_sales_amount,
    discount_amount,
    cancelled_amount,
    refund_amount,
    shipping_amount,
    commission_amount,
    commission_returned_amount,
    fee_amount,
    expected_amount,
    goods_difference,
    refund_difference,
    commission_difference,
    calculation_difference,
    difference_amount,
    payout_amount,
    paid_amount,
    open_amount,
    sales_amount,
    tax_amount,
    period_start,
    period_end,
    paid_date
from marts.mart_vendor_payouts
where
    vendor_id = $vendor_id
    and case
        when $statement_id is null then payout_amount is not null
        else statement_id = $statement_id
    end
    and ($status is null or status = $status)
    and (not $different_only or difference_amount <> 0)
