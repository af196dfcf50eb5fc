-- audience: vendor
-- what was settled since a day, and whatever is not paid yet
select
    vendor_id,
    currency_code,
    status,
    count(*) as statement_count,
    sum(case when difference_amount <> 0 then 1 else 0 end) as different_count,
    sum(list_sales_amount) as list_sales_amount,
    sum(discount_amount) as discount_amount,
    sum(cancelled_amount) as cancelled_amount,
    sum(refund_amount) as refund_amount,
    sum(shipping_amount) as shipping_amount,
    sum(commission_amount) as commission_amount,
    sum(commission_returned_amount) as commission_returned_amount,
    sum(fee_amount) as fee_amount,
    sum(goods_difference) as goods_difference,
    sum(refund_difference) as refund_difference,
    sum(commission_difference) as commission_difference,
    sum(calculation_difference) as calculation_difference,
    sum(payout_amount) as payout_amount,
    sum(paid_amount) as paid_amount,
    sum(open_amount) as open_amount,
    sum(sales_amount) as sales_amount,
    sum(tax_amount) as tax_amount
from marts.mart_vendor_payouts
where
    vendor_id = $vendor_id
    and (status <> 'paid' or period_end >= $from_date)
group by vendor_id, currency_code, status
order by currency_code asc, status asc
