-- audience: operator
select
    behind.row_key,
    behind.reconciliation_date,
    behind.subject_id,
    behind.vendor_id,
    vendors.vendor_name,
    behind.currency_code,
    behind.shop_amount,
    behind.source_amount,
    behind.difference_amount,
    behind.explained_amount,
    behind.cancelled_amount,
    behind.returned_amount,
    behind.discounted_amount,
    behind.charged_back_amount,
    behind.tax_amount,
    behind.timing_amount,
    behind.currency_amount,
    behind.rounding_amount,
    behind.unmatched_amount,
    behind.residual_amount,
    behind.residual_size
from marts.mart_reconciliation_rows as behind
left join marts.dim_vendors as vendors
    on behind.vendor_id = vendors.vendor_id
where
    behind.source = $source
    and behind.measure = $measure
    and behind.currency_code = $currency_code
