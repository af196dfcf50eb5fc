-- audience: operator
select
    payout_lines.vendor_id,
    payout_lines.currency_code,
    statements.paid_date,
    statements.statement_id,
    sum(payout_lines.net_amount) as amount
from marts.mart_vendor_payout_lines as payout_lines
inner join marts.mart_vendor_payouts as statements
    on
        payout_lines.vendor_id = statements.vendor_id
        and payout_lines.statement_id = statements.statement_id
where payout_lines.order_id = $order_id and statements.paid_date is not null
group by
    payout_lines.vendor_id,
    payout_lines.currency_code,
    statements.paid_date,
    statements.statement_id
