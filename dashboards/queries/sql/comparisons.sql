-- audience: operator
select
    source,
    measure,
    currency_code,
    state,
    finding,
    shop_amount,
    source_amount,
    difference_amount,
    explained_amount,
    cancelled_amount,
    returned_amount,
    discounted_amount,
    charged_back_amount,
    tax_amount,
    timing_amount,
    currency_amount,
    rounding_amount,
    unmatched_amount,
    residual_amount,
    residual_size,
    unexplained_vendor_count,
    unexplained_day_count,
    as_of_date
from marts.mart_reconciliation_summary
order by
    case state
        when 'act' then 1
        when 'watch' then 2
        when 'ok' then 3
        else 4
    end,
    residual_size desc,
    source asc,
    measure asc,
    currency_code asc
