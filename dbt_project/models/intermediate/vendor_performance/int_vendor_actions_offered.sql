{# The data ends with a day, so a vendor acts on the day after it. An order that is due then can
   still be in time; what was due before is late whatever is done, but a buyer waits for it. A
   question whose patience ends then counts as unanswered unless somebody answers; a younger one
   counts only once it is answered. A product whose offers have no stock lacks it for another day;
   what is offered in three currencies is restocked once. An order on
   which nothing was decided counts once it is, as long as nobody gave it up. `due_at` is by when it
   has to be done for the figure that is foreseen. #}
with waiting_lines as (

    select * from {{ ref('fct_order_lines') }}
    where shipped_at is null and is_in_gmv_net

),

order_lines as (

    select * from waiting_lines
    where fulfilled_by = 'vendor' and ship_by_date <= {{ as_of_end_date() }}

),

windows as (

    select * from {{ ref('int_metric_windows_spined') }}
    where is_judged and window_end = {{ as_of_end_date() }}

),

parts_to_ship as (

    select
        order_lines.vendor_id,
        case
            when order_lines.ship_by_date = {{ as_of_end_date() }} then 'ship_due'
            else 'ship_overdue'
        end as action_id,
        order_lines.order_id,
        max(order_lines.currency_code) as currency_code,
        count(*) as line_count,
        {{ money('sum(order_lines.gmv)') }} as gmv,
        min(order_lines.ship_by_at) as due_at
    from order_lines
    -- what left tomorrow's window was given up long ago
    inner join windows
        on order_lines.ship_by_date > windows.window_start
    where windows.metric_id = 'late_shipment_rate'
    group by
        order_lines.vendor_id,
        case
            when order_lines.ship_by_date = {{ as_of_end_date() }} then 'ship_due'
            else 'ship_overdue'
        end,
        order_lines.order_id

),

events as (

    select
        order_id,
        vendor_id,
        event_type,
        {{ known_by('occurred_at') }} as occurred_at
    from {{ ref('stg_oms__order_events') }}
    where
        vendor_id is not null
        and order_id in (
            select waiting_lines.order_id
            from waiting_lines
            where waiting_lines.accepted_at is null
        )

),

parts_sent as (

    select
        order_id,
        vendor_id,
        {{ business_date('min(occurred_at)') }} as sent_date
    from events
    where event_type = 'sent_to_vendor' and occurred_at is not null
    group by order_id, vendor_id

),

parts_decided as (

    select distinct
        order_id,
        vendor_id
    from events
    where event_type in ('accepted', 'refused', 'auto_rejected') and occurred_at is not null

),

parts_to_accept as (

    select
        parts_sent.vendor_id,
        parts_sent.order_id,
        max(waiting_lines.currency_code) as currency_code,
        count(*) as line_count,
        {{ money('sum(waiting_lines.gmv)') }} as gmv
    from parts_sent
    inner join waiting_lines
        on
            parts_sent.order_id = waiting_lines.order_id
            and parts_sent.vendor_id = waiting_lines.vendor_id
            and waiting_lines.accepted_at is null
    inner join windows
        on parts_sent.sent_date > windows.window_start and windows.metric_id = 'acceptance_rate'
    left join parts_decided
        on
            parts_sent.order_id = parts_decided.order_id
            and parts_sent.vendor_id = parts_decided.vendor_id
    where parts_decided.order_id is null
    group by parts_sent.vendor_id, parts_sent.order_id

),

messages as (

    select * from {{ ref('stg_vendor_portal__vendor_messages') }}

),

waited as (

    {{ messages_waited('messages', as_of_end_date()) }}

),

questions_open as (

    select
        vendor_id,
        case when known_date = {{ as_of_end_date() }} then 'answer_due' else 'answer_open' end
            as action_id,
        message_id,
        order_id,
        least(
            {{ noon_of_tomorrow() }}, sent_at + 72 * interval '1' hour
        ) as due_at
    from waited
    where answered_at is null and known_date >= {{ as_of_end_date() }} and vendor_id is not null

),

products_without_stock as (

    select
        vendor_id,
        coalesce(product_id, offer_id) as unit_id,
        max(product_id) as product_id,
        count(*) as offer_count
    from {{ ref('int_offer_stocks_spanned') }}
    where is_out_of_stock and valid_to = {{ as_of_end_date() }} and vendor_id is not null
    group by vendor_id, coalesce(product_id, offer_id)

)

select
    -- ids
    vendor_id,
    action_id,
    order_id as unit_id,
    order_id,
    cast(null as string) as product_id,

    -- text
    'order' as unit_kind,
    currency_code,

    -- numbers
    line_count,
    cast(null as bigint) as offer_count,
    gmv,

    -- timestamps
    due_at
from parts_to_ship
union all
select
    vendor_id,
    'accept_orders' as action_id,
    order_id as unit_id,
    order_id,
    cast(null as string) as product_id,
    'order' as unit_kind,
    currency_code,
    line_count,
    cast(null as bigint) as offer_count,
    gmv,
    {{ noon_of_tomorrow() }} as due_at
from parts_to_accept
union all
select
    vendor_id,
    action_id,
    message_id as unit_id,
    order_id,
    cast(null as string) as product_id,
    'message' as unit_kind,
    cast(null as string) as currency_code,
    cast(null as bigint) as line_count,
    cast(null as bigint) as offer_count,
    cast(null as decimal(18, 2)) as gmv,
    due_at
from questions_open
union all
select
    vendor_id,
    'restock' as action_id,
    unit_id,
    cast(null as string) as order_id,
    product_id,
    'product' as unit_kind,
    cast(null as string) as currency_code,
    cast(null as bigint) as line_count,
    offer_count,
    cast(null as decimal(18, 2)) as gmv,
    {{ stored_start_of(days_after(as_of_end_date(), 1)) }} as due_at
from products_without_stock
