-- The health of the small world: one system in each state, one comparison in each.

create table marts.mart_integration_health as
select system, state, sentence, held_back, feed_count::bigint as feed_count, expected_count::bigint as expected_count,
    delivered_count::bigint as delivered_count, late_count::bigint as late_count, quarantined::bigint as open_quarantine_count,
    failing::bigint as failing_check_count, lag_hours::double as lag_hours, event_lag_days::bigint as event_lag_days,
    $as_of::date as as_of_date, if(delivered_count > 0, timestamp '2026-07-01 03:10:00', null) as last_good_load_at
from (values
    ('shop', 'warning', 'Order lines: Rows in quarantine: 3.', 'May be incomplete or old: sales.', 5, 4, 4, 0, 3, 0, 0.0, 0),
    ('erp', 'failed', 'Payments: Two payments are below zero.', 'Paid amounts are not published.', 6, 3, 2, 1, 0, 2, 62.0, 4),
    ('oms', 'ok', 'Everything that is delivered is complete.', '', 4, 2, 2, 0, 0, 0, 0.2, 0),
    ('tracking', 'absent', 'No feed of this system is delivered.', 'Nothing depends on it yet.', 1, 0, 0, 0, 0, 0, null, null)
) as s (system, state, sentence, held_back, feed_count, expected_count, delivered_count, late_count, quarantined, failing,
    lag_hours, event_lag_days);

create table marts.mart_checks as
select feed, check_name, severity, state, expected, sentence, held_back, observed::double as observed, state = 'ok' as is_passed,
    $as_of::date as as_of_date, timestamp '2026-07-01 03:11:00' as run_at
from (values
    ('payments', 'amounts_are_not_negative', 'error', 'failed', '0 rows', 'Two payments are below zero.', 'Paid amounts are not published.', 2),
    ('payments', 'volume', 'warn', 'warning', '40 to 90 rows', 'Twelve payments where Mondays bring 60.', '', 12),
    ('orders', 'volume', 'warn', 'ok', '40 to 90 rows', 'As on other Mondays.', '', 61)
) as c (feed, check_name, severity, state, expected, sentence, held_back, observed);

create table amounts as
select *, coalesce(abs(residual), 0)::decimal(18,2) as size from (values
    ('accounting', 'payments', 'v-001', date '2026-06-10', 'o-000007', 'act', 120.00, 60.00, 60.00),
    ('accounting', 'payments', 'v-002', date '2026-06-11', 'o-000009', 'watch', 30.00, 27.50, 2.50),
    ('erp', 'goods', 'v-001', date '2026-06-10', 'o-000007', 'ok', 110.00, 110.00, 0.00),
    ('payouts', 'net', null, date '2026-06-30', 'x', 'no_data', 900.00, null, null)
) as a (source, measure, vendor_id, reconciliation_date, subject_id, state, shop, stated, residual);

create table marts.mart_reconciliation as
select source || ' ' || measure || ' ' || reconciliation_date || coalesce(vendor_id, '') as reconciliation_id, source, measure, vendor_id,
    state, if(state = 'no_data', 'Not compared: the feed payouts has no rows.', 'A difference that nothing on record explains.') as explanation,
    $currency as currency_code, 1::bigint as compared_count, 1::bigint as unexplained_count, shop::decimal(18,2) as shop_amount,
    stated::decimal(18,2) as source_amount, 0::decimal(18,2) as cancelled_amount, 0::decimal(18,2) as returned_amount,
    0::decimal(18,2) as tax_amount, 0::decimal(18,2) as timing_amount, 0::decimal(18,2) as currency_amount,
    0::decimal(18,2) as rounding_amount, 0::decimal(18,2) as unmatched_amount, residual::decimal(18,2) as residual_amount,
    size as residual_size, 1::decimal(18,2) as tolerance_amount, reconciliation_date, $as_of::date as as_of_date
from amounts;

create table marts.mart_reconciliation_summary as
select source, measure, currency_code, min(state) as state, max(explanation) as explanation,
    count(*) filter (where state in ('act', 'watch')) as unexplained_vendor_count,
    count(*) filter (where state in ('act', 'watch')) as unexplained_day_count,
    sum(columns('.*_(amount|size)'))::decimal(18,2), $as_of::date as as_of_date
from (select * exclude (tolerance_amount) from marts.mart_reconciliation)
group by source, measure, currency_code;

create table marts.mart_reconciliation_rows as
select source, measure, subject_id as row_key, amounts.vendor_id, subject_id, days.* exclude (reconciliation_id, source, measure, vendor_id,
    state, explanation, compared_count, unexplained_count, tolerance_amount)
from amounts join marts.mart_reconciliation as days using (source, measure, vendor_id, reconciliation_date)
where amounts.residual <> 0;

drop table amounts;
