-- audience: operator
select
    days.reconciliation_id,
    days.reconciliation_date,
    days.vendor_id,
    vendors.vendor_name,
    days.state,
    days.finding,
    days.currency_code,
    days.shop_amount,
    days.source_amount,
    days.difference_amount,
    days.explained_amount,
    days.cancelled_amount,
    days.returned_amount,
    days.discounted_amount,
    days.charged_back_amount,
    days.tax_amount,
    days.timing_amount,
    days.currency_amount,
    days.rounding_amount,
    days.unmatched_amount,
    days.residual_amount,
    days.residual_size,
    days.unexplained_count
from marts.mart_reconciliation as days
left join marts.dim_vendors as vendors
    on days.vendor_id = vendors.vendor_id
where
    days.source = $source
    and days.measure = $measure
    and days.currency_code = $currency_code
    and days.state in ('act', 'watch')
