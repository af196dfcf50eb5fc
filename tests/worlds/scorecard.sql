-- The second half: what needs the intervals that published_world.py calculates from `sums`.

create table marts.mart_vendor_scorecard as
select sums.vendor_id, sums.metric_id, metrics.version as metric_version, metrics.name as metric_name, metrics.is_higher_better,
    sums.window_days, sums.window_end - sums.window_days::integer as window_start, sums.window_end, sums.numerator, sums.denominator,
    if(sums.denominator > 0, sums.numerator / sums.denominator, null) as rate, bounds.rate_lower, bounds.rate_upper,
    metrics.threshold, bounds.probability_over_threshold,
    case when sums.denominator = 0 then 'no_data' when bounds.probability_over_threshold >= 0.95 then 'act'
        when bounds.probability_over_threshold >= 0.8 then 'watch' else 'ok' end as state,
    lag(if(sums.denominator > 0, sums.numerator / sums.denominator, null)) over (
        partition by sums.vendor_id, sums.metric_id order by sums.window_end) as previous_rate,
    0.05::double as marketplace_rate, md5(sums.vendor_id || sums.metric_id || sums.window_end) as number_id, $as_of::date as as_of_date
from sums join metrics using (metric_id) left join bounds using (vendor_id, metric_id, window_end);

create table marts.mart_vendor_summary as
with figures as (
    select vendor_id, window_id, step, count(*) as order_count, sum(unit_count)::bigint as unit_count, sum(gmv)::decimal(18,2) as gmv,
        sum(gmv_net)::decimal(18,2) as gmv_net, sum(commission_amount)::decimal(18,2) as commission_amount,
        count_if(is_cancelled) as cancelled_order_count, avg(review_rating) as review_score, count(review_rating) as review_count
    from windows, (values (0), (1)) as steps (step), parts
    where order_date <= $as_of::date - (step * days)::integer and order_date > $as_of::date - ((step + 1) * days)::integer
    group by all
), worst as (
    select vendor_id, case when bool_or(state = 'act') then 'act' when bool_or(state = 'watch') then 'watch'
        when bool_or(state = 'ok') then 'ok' else 'no_data' end as worst_state
    from marts.mart_vendor_scorecard where window_end = $as_of::date + 1 group by vendor_id
)
select vendors.vendor_id, windows.window_id, greatest($as_of::date + 1 - days::integer, date '2025-04-01') as window_start,
    $as_of::date + 1 as window_end, $currency as currency_code, coalesce(now_.gmv, 0)::decimal(18,2) as gmv,
    coalesce(now_.gmv_net, 0)::decimal(18,2) as gmv_net, coalesce(now_.commission_amount, 0)::decimal(18,2) as commission_amount,
    coalesce(now_.order_count, 0) as order_count, coalesce(now_.unit_count, 0) as unit_count,
    (now_.gmv / now_.order_count)::decimal(18,2) as average_order_value, coalesce(now_.cancelled_order_count, 0) as cancelled_order_count,
    now_.review_score, coalesce(now_.review_count, 0) as review_count, prev.gmv as previous_gmv, prev.order_count as previous_order_count,
    rank() over (partition by windows.window_id order by coalesce(now_.gmv, 0) desc) as gmv_rank,
    coalesce(now_.gmv, 0) / sum(now_.gmv) over (partition by windows.window_id) as gmv_share,
    coalesce(worst.worst_state, 'no_data') as worst_state, $as_of::date as as_of_date
from vendors cross join windows
left join figures as now_ on now_.vendor_id = vendors.vendor_id and now_.window_id = windows.window_id and now_.step = 0
left join figures as prev on prev.vendor_id = vendors.vendor_id and prev.window_id = windows.window_id and prev.step = 1
    and windows.window_id <> 'all_time'
left join worst on worst.vendor_id = vendors.vendor_id;

create table marts.mart_metrics as
select metric_id, version, date '2025-01-01' as valid_from, null::date as valid_to, name, sentence, formula, grain, window_text as window,
    membership_date, exclusions, 'Marketplace quality' as owner, unit, window_days, threshold, is_higher_better, vendor_advice,
    $as_of::date as as_of_date
from metrics;

create table marts.mart_feed_status as
select feed, title, 'shop' as system, 'daily' as delivery, 0::bigint as failing_check_count, 0.0::double as load_lag_hours,
    if(state = 'absent', 'none', 'current') as freshness, timestamp '2026-07-01 03:10:00' as last_good_load_at,
    case state when 'ok' then '' when 'absent' then 'Empty without it: leads.' else 'May be incomplete or old: sales.' end as held_back,
    is_configured, is_required, row_count, orphan_count, date '2025-04-01' as first_event_date,
    $as_of::date as last_event_date, missing_day_count, load_count, rejected_count, quarantined_count,
    timestamp '2026-07-01 03:10:00' as last_recorded_at, 0 as lag_days, state, explanation, $as_of::date as as_of_date
from (values
    ('orders', 'Orders', true, true, 1840, 0, 0, 12, 0, 0, 'ok', 'All rows accounted for.'),
    ('order_lines', 'Order lines', true, true, 3190, 2, 0, 12, 0, 3, 'warning', '2 lines have no order; 3 rows are in quarantine.'),
    ('shipments', 'Shipments', true, false, 1761, 0, 2, 11, 1, 0, 'warning', '2 days have no rows; one file was rejected.'),
    ('leads', 'Leads', false, false, 0, 0, 0, 0, 0, 0, 'absent', 'This marketplace does not deliver leads.')
) as f (feed, title, is_configured, is_required, row_count, orphan_count, missing_day_count, load_count, rejected_count,
    quarantined_count, state, explanation);

create table marts.mart_data_quality as
select feed, 'load-' || n as load_id, 'inbox/' || feed || '_' || n || '.csv' as path, if(feed = 'shipments' and n = 4, 'rejected', 'loaded') as status,
    if(feed = 'shipments' and n = 4, 'missing_column', null) as reason_code,
    if(feed = 'shipments' and n = 4, 'column order_id is missing', null) as reason_detail, 160::bigint as received, 150::bigint as applied,
    5::bigint as unchanged, 2::bigint as duplicate, 3::bigint as quarantined, 1::bigint as late, 3.2::double as arrival_lag_hours, true as is_balanced,
    date '2025-04-01' + (n * 30)::integer as first_event_date, date '2025-04-30' + (n * 30)::integer as last_event_date,
    timestamp '2026-07-01 03:00:00' - to_days(n::integer) as recorded_at, 1 as lag_days, $as_of::date as as_of_date
from (values ('orders'), ('order_lines'), ('shipments')) as feeds (feed), range(1, 8) as loads (n);

create table marts.mart_quarantine as
select 'order_lines' as feed, 'inbox/order_lines_3.csv' as path, 'not_a_number' as reason_code, 'unit_price' as column_name,
    3::bigint as row_count, 118::bigint as first_line, 'unit_price is not a number with two decimals' as example_detail,
    timestamp '2026-06-28 03:00:00' as first_seen_at, $as_of::date as as_of_date;
