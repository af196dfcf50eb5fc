-- The published tables of the small world, made from the lines that published_world.py invents.
-- Plain DuckDB SQL: this is a fixture, not a model.

create table marts.dim_vendors as
select vendors.vendor_id, vendors.vendor_name, 'marketplace' as vendor_type, 'active' as status,
    'Leipzig' as city, 'Saxony' as region, 'DE' as country_code, vendors.category_name, true as is_registered,
    min(lines.order_date) as first_order_date, max(lines.order_date) as last_order_date, $as_of::date as as_of_date
from vendors left join lines using (vendor_id)
group by all;

create table marts.fct_order_lines as
select order_id, order_line_id, vendor_id, product_id, product_name, customer_id, 1::bigint as line_number, status,
    $currency as currency_code, quantity, unit_price, discount_amount, gmv, if(is_cancelled, 0, gmv)::decimal(18,2) as gmv_net,
    commission_amount, 0::decimal(18,2) as shipping_amount, is_cancelled, delivered_at > promised_at as is_late,
    delivered_at::date > promised_at::date as is_late_by_date, shipped_at > ship_by_at as is_shipped_late,
    delivered_at is null and not is_cancelled and promised_at <= $as_of::date + 1 as is_overdue,
    order_date, ordered_at, ship_by_at, promised_at, shipped_at, delivered_at, $as_of::date as as_of_date
from lines;

create table parts as
select order_id, vendor_id, min(ordered_at) as ordered_at, min(order_date) as order_date, min(status) as status,
    any_value(channel) as channel, count(*) as line_count, sum(quantity)::bigint as unit_count,
    sum(gmv)::decimal(18,2) as gmv, sum(if(is_cancelled, 0, gmv))::decimal(18,2) as gmv_net,
    4.90::decimal(18,2) as shipping_amount, sum(commission_amount)::decimal(18,2) as commission_amount,
    min(ship_by_at) as ship_by_at, min(promised_at) as promised_at, max(shipped_at) as shipped_at,
    max(delivered_at) as delivered_at, bool_or(is_cancelled) as is_cancelled,
    max(delivered_at) > min(promised_at) as is_late, max(rating)::double as review_rating, min(order_line_id) as order_line_id
from lines group by order_id, vendor_id;

create table marts.fct_orders as
select order_id, any_value(channel) as channel, 'customer-canary-' || order_id as customer_id, min(ordered_at) as ordered_at,
    min(order_date) as order_date, min(status) as status, $currency as currency_code, sum(line_count)::bigint as line_count,
    count(*) as vendor_count, sum(unit_count)::bigint as unit_count, sum(gmv)::decimal(18,2) as gmv,
    sum(gmv_net)::decimal(18,2) as gmv_net, sum(shipping_amount)::decimal(18,2) as shipping_amount,
    sum(gmv)::decimal(18,2) as paid_amount, bool_and(is_cancelled) as is_cancelled, $as_of::date as as_of_date
from parts group by order_id;

create table marts.exp_fct_orders as
select order_id, vendor_id, ordered_at, order_date, status, channel, $currency as currency_code, line_count, unit_count,
    gmv, gmv_net, shipping_amount, commission_amount, ship_by_at, promised_at, shipped_at, delivered_at, is_cancelled,
    is_late, review_rating, $as_of::date as as_of_date
from parts;

create table marts.exp_fct_reviews as
select 'review-' || order_id as review_id, vendor_id, order_id, review_rating::bigint as rating,
    delivered_at::date + 2 as created_date, null::timestamp as answered_at, $as_of::date as as_of_date
from parts where review_rating is not null;

create table marts.exp_dim_products as
select product_id, vendor_id, product_name, category_name, sum(quantity)::bigint as unit_count,
    count(distinct order_id) as order_count, sum(gmv)::decimal(18,2) as gmv, min(order_date) as first_order_date,
    max(order_date) as last_order_date, $as_of::date as as_of_date
from lines group by all;

create table marts.mart_vendor_daily as
select vendor_id, order_date, count(*) as order_count, sum(unit_count)::bigint as unit_count,
    sum(gmv)::decimal(18,2) as gmv, sum(gmv_net)::decimal(18,2) as gmv_net,
    sum(commission_amount)::decimal(18,2) as commission_amount, $currency as currency_code, $as_of::date as as_of_date
from parts group by vendor_id, order_date;

create table marts.mart_marketplace_daily as
select spine.day::date as order_date, count(distinct order_id) as order_count, coalesce(sum(gmv), 0)::decimal(18,2) as gmv,
    coalesce(sum(gmv_net), 0)::decimal(18,2) as gmv_net, coalesce(sum(commission_amount), 0)::decimal(18,2) as commission_amount,
    count(distinct vendor_id) as active_vendors, count(distinct order_id) as active_customers,
    $currency as currency_code, $as_of::date as as_of_date
from (select unnest(range(timestamp '2025-04-01', $as_of::timestamp + interval 1 day, interval 1 day)) as day) as spine
left join parts on parts.order_date = spine.day::date
group by spine.day;

create table marts.mart_trailing_windows as
select *, $as_of::date as as_of_date
from (values ('last_30_days', 30), ('last_90_days', 90), ('last_365_days', 365), ('all_time', null)) as w (window_id, window_days);

create table windows as
select window_id, coalesce(window_days, 100000) as days from marts.mart_trailing_windows;

create table marts.mart_marketplace_summary as
with figures as (
    select window_id, step, count(distinct order_id) as order_count, sum(gmv)::decimal(18,2) as gmv,
        sum(gmv_net)::decimal(18,2) as gmv_net, sum(commission_amount)::decimal(18,2) as commission_amount,
        count(distinct vendor_id) as active_vendors, count(distinct order_id) as active_customers,
        avg(is_late::int) as late_delivery_rate, avg(review_rating) as review_score
    from windows, (values (0), (1)) as steps (step), parts
    where order_date <= $as_of::date - (step * days)::integer and order_date > $as_of::date - ((step + 1) * days)::integer
    group by window_id, step
)
select windows.window_id, greatest($as_of::date + 1 - days::integer, date '2025-04-01') as window_start, $as_of::date + 1 as window_end,
    $currency as currency_code, now_.gmv, now_.gmv_net, now_.commission_amount, now_.order_count,
    (now_.gmv / now_.order_count)::decimal(18,2) as average_order_value, now_.active_vendors, now_.active_customers,
    now_.late_delivery_rate, now_.review_score, prev.gmv as previous_gmv, prev.gmv_net as previous_gmv_net,
    prev.commission_amount as previous_commission_amount, prev.order_count as previous_order_count,
    (prev.gmv / prev.order_count)::decimal(18,2) as previous_average_order_value, prev.active_vendors as previous_active_vendors,
    prev.active_customers as previous_active_customers, prev.late_delivery_rate as previous_late_delivery_rate,
    prev.review_score as previous_review_score, $as_of::date as as_of_date
from windows join figures as now_ on now_.window_id = windows.window_id and now_.step = 0
left join figures as prev on prev.window_id = windows.window_id and prev.step = 1 and windows.window_id <> 'all_time';

create table metric_lines as
with judged as (
    select parts.*, window_end, window_end::timestamp as at_
    from parts, (
        select $as_of::date + 1 as window_end
        union select (date_trunc('month', $as_of::date) - to_months(back::integer))::date from range(0, 12) as months (back)
    ) where parts.order_date < window_end
), lines_of as (
    select vendor_id, window_end, order_id, order_line_id, 'late_shipment_rate' as metric_id, ship_by_at::date as membership_date,
        (coalesce(shipped_at, at_) > ship_by_at)::double as numerator_value, 1::double as denominator_value, 90 as days
    from judged where not is_cancelled and ship_by_at < at_
    union all
    select vendor_id, window_end, order_id, order_line_id, 'on_time_delivery_rate', promised_at::date,
        (coalesce(delivered_at, at_ + interval 1 day) <= promised_at)::double, 1, 90
    from judged where not is_cancelled and promised_at < at_
    union all
    select vendor_id, window_end, order_id, order_line_id, 'late_delivery_rate_by_date', promised_at::date,
        (delivered_at::date > promised_at::date)::double, 1, 90
    from judged where not is_cancelled and promised_at < at_ and delivered_at < at_
    union all
    select vendor_id, window_end, order_id, order_line_id, 'vendor_cancellation_rate', order_date, is_cancelled::double, 1, 90
    from judged
    union all
    select vendor_id, window_end, order_id, order_line_id, 'review_score', delivered_at::date + 2, review_rating, 1, 180
    from judged where review_rating is not null and delivered_at::date + 2 < window_end
)
select * from lines_of where membership_date >= window_end - days and membership_date < window_end;

create table marts.mart_vendor_metric_lines as
select vendor_id, metric_id, window_end, order_line_id, order_id, membership_date, numerator_value, denominator_value,
    metric_id = 'review_score' or numerator_value > 0 as in_numerator, $as_of::date as as_of_date
from metric_lines;

create table sums as
select vendors.vendor_id, metrics.metric_id, ends.window_end, metrics.window_days,
    coalesce(sum(numerator_value), 0)::double as numerator, coalesce(sum(denominator_value), 0)::double as denominator
from vendors cross join metrics cross join (select distinct window_end from metric_lines) as ends
left join metric_lines on metric_lines.vendor_id = vendors.vendor_id and metric_lines.metric_id = metrics.metric_id
    and metric_lines.window_end = ends.window_end
where metrics.kind = 'rate' and vendors.vendor_id in (select vendor_id from parts where order_date < ends.window_end)
group by all;
