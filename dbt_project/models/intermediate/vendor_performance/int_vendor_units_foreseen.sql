{{ config(materialized='table') }}

{# What tomorrow's end says otherwise than today's of the units of vendors that can do something: as
   they are if nothing happens (`action_id` is NULL), and as each action leaves those that it
   changes. Judged by the SQL of the scorecard. #}
with offered as (

    select * from {{ ref('int_vendor_actions_offered') }}

),

parts_due as (

    select distinct
        order_id,
        vendor_id
    from {{ ref('fct_order_lines') }}
    where
        vendor_id in (
            select offered.vendor_id
            from offered
            where offered.unit_kind = 'order'
        )
        and (ship_by_date = {{ as_of_end_date() }} or promised_date = {{ as_of_end_date() }})

),

lines_left as (

    select order_lines.*
    from {{ ref('fct_order_lines') }} as order_lines
    inner join parts_due
        on
            order_lines.order_id = parts_due.order_id
            and order_lines.vendor_id = parts_due.vendor_id

),

-- the columns that parts are judged by, and those of them that shipping changes
lines_shipped as (

    select
        lines_left.order_id,
        lines_left.vendor_id,
        lines_left.order_line_id,
        lines_left.fulfilled_by,
        lines_left.ship_by_at,
        lines_left.ship_by_date,
        lines_left.promised_at,
        lines_left.promised_date,
        lines_left.delivered_date,
        lines_left.cancelled_date,
        lines_left.order_date,
        lines_left.is_late,
        lines_left.is_late_by_date,
        lines_left.is_lost_by_vendor,
        lines_left.is_dropped_before_shipping,
        coalesce(lines_left.is_shipped_late, lines_left.shipped_at > lines_left.ship_by_at, false)
            as is_shipped_late,
        coalesce(lines_left.shipped_at, lines_left.ship_by_at) as shipped_at
    from lines_left
    inner join offered
        on
            lines_left.order_id = offered.order_id
            and lines_left.vendor_id = offered.vendor_id
            and offered.action_id = 'ship_due'

),

parts_left as (

    {{ vendor_orders_judged('lines_left', days_after(as_of_end_date(), 1)) }}

),

parts_shipped as (

    {{ vendor_orders_judged('lines_shipped', days_after(as_of_end_date(), 1)) }}

),

{# Tomorrow's windows, a day later than today's. #}
windows as (

    select
        metric_id,
        {{ days_after('window_start', 1) }} as window_start,
        {{ days_after('window_end', 1) }} as window_end
    from {{ ref('int_metric_windows_spined') }}
    where window_end = {{ as_of_end_date() }}

),

messages_sent as (

    select
        message_id,
        conversation_id,
        vendor_id,
        order_id,
        direction,
        needs_answer,
        is_automatic,
        sent_at
    from {{ ref('stg_vendor_portal__vendor_messages') }}
    where {{ business_date('sent_at') }} < {{ as_of_end_date() }}

),

questions_left as (

    {{ messages_waited('messages_sent', days_after(as_of_end_date(), 1)) }}

),

messages_answered as (

    select * from messages_sent
    union all
    select
        'answer to ' || messages_sent.message_id as message_id,
        messages_sent.conversation_id,
        messages_sent.vendor_id,
        messages_sent.order_id,
        'outbound' as direction,
        false as needs_answer,
        false as is_automatic,
        offered.due_at as sent_at
    from messages_sent
    inner join offered
        on messages_sent.message_id = offered.unit_id and offered.unit_kind = 'message'

),

questions_answered as (

    {{ messages_waited('messages_answered', days_after(as_of_end_date(), 1)) }}

),

{# Orders to accept, as accepted; nothing else that is decided tomorrow is known today. #}
orders_to_accept as (

    select
        order_id,
        vendor_id
    from offered
    where action_id = 'accept_orders'

),

acceptances as (

    select
        'acceptance of ' || order_id as order_event_id,
        order_id,
        vendor_id,
        'accepted' as event_type,
        due_at as occurred_at
    from offered
    where action_id = 'accept_orders'

),

orders_accepted as (

    {{ vendor_orders_decided('acceptances', 'orders_to_accept') }}

),

{# What lies in stock, and for how long, of vendors that have to restock; an active offer is active
   tomorrow, too. #}
stocks_left as (

    select
        stocks.offer_id,
        stocks.vendor_id,
        stocks.is_out_of_stock,
        stocks.valid_from,
        case
            when
                stocks.valid_to = {{ as_of_end_date() }}
                then {{ days_after('stocks.valid_to', 1) }}
            else stocks.valid_to
        end as valid_to
    from {{ ref('int_offer_stocks_spanned') }} as stocks
    where
        stocks.vendor_id in (
            select offered.vendor_id
            from offered
            where offered.action_id = 'restock'
        )

),

-- a product is restocked with all of its offers that have none
offers_to_restock as (

    select offer_id from stocks_left
    where is_out_of_stock and valid_to > {{ as_of_end_date() }}

),

stocks_restocked as (

    select
        offer_id,
        vendor_id,
        is_out_of_stock,
        valid_from,
        least(valid_to, {{ as_of_end_date() }}) as valid_to
    from stocks_left
    union all
    select
        offer_id,
        vendor_id,
        false as is_out_of_stock,
        {{ as_of_end_date() }} as valid_from,
        {{ days_after(as_of_end_date(), 1) }} as valid_to
    from stocks_left
    where valid_to > {{ as_of_end_date() }}

),

offer_days_left as (

    {{ offer_days_counted('stocks_left', 'windows') }}

),

offer_days_restocked as (

    {{ offer_days_counted('stocks_restocked', 'windows') }}

),

foreseen as (

    select
        cast(null as string) as action_id,
        metric_id,
        vendor_id,
        order_id as unit_id,
        {{ units('case when is_in_numerator then 1 else 0 end') }} as numerator_value,
        {{ units('1') }} as denominator_value,
        membership_date,
        counts_from,
        counts_until,
        numerator_from
    from parts_left
    union all
    select
        'ship_due' as action_id,
        metric_id,
        vendor_id,
        order_id as unit_id,
        {{ units('case when is_in_numerator then 1 else 0 end') }} as numerator_value,
        {{ units('1') }} as denominator_value,
        membership_date,
        counts_from,
        counts_until,
        numerator_from
    from parts_shipped
    union all
    -- unanswered, it counts once patience has ended
    select
        cast(null as string) as action_id,
        'response_hours' as metric_id,
        questions_left.vendor_id,
        questions_left.message_id as unit_id,
        questions_left.waiting_hours as numerator_value,
        {{ units('1') }} as denominator_value,
        questions_left.sent_date as membership_date,
        questions_left.known_date as counts_from,
        cast(null as date) as counts_until,
        cast(null as date) as numerator_from
    from questions_left
    inner join offered
        on questions_left.message_id = offered.unit_id and offered.unit_kind = 'message'
    union all
    select
        offered.action_id,
        'response_hours' as metric_id,
        questions_answered.vendor_id,
        questions_answered.message_id as unit_id,
        questions_answered.waiting_hours as numerator_value,
        {{ units('1') }} as denominator_value,
        questions_answered.sent_date as membership_date,
        questions_answered.known_date as counts_from,
        cast(null as date) as counts_until,
        cast(null as date) as numerator_from
    from questions_answered
    inner join offered
        on questions_answered.message_id = offered.unit_id and offered.unit_kind = 'message'
    union all
    -- as long as nothing is decided it does not count
    select
        'accept_orders' as action_id,
        'acceptance_rate' as metric_id,
        vendor_id,
        order_id as unit_id,
        {{ units("case when event_type = 'accepted' then 1 else 0 end") }} as numerator_value,
        {{ units('1') }} as denominator_value,
        decided_date as membership_date,
        cast(null as date) as counts_from,
        cast(null as date) as counts_until,
        cast(null as date) as numerator_from
    from orders_accepted
    union all
    select
        cast(null as string) as action_id,
        'stock_out_rate' as metric_id,
        vendor_id,
        unit_id,
        out_of_stock_days as numerator_value,
        active_days as denominator_value,
        first_date as membership_date,
        cast(null as date) as counts_from,
        cast(null as date) as counts_until,
        cast(null as date) as numerator_from
    from offer_days_left
    union all
    select
        'restock' as action_id,
        'stock_out_rate' as metric_id,
        offer_days_restocked.vendor_id,
        offer_days_restocked.unit_id,
        offer_days_restocked.out_of_stock_days as numerator_value,
        offer_days_restocked.active_days as denominator_value,
        offer_days_restocked.first_date as membership_date,
        cast(null as date) as counts_from,
        cast(null as date) as counts_until,
        cast(null as date) as numerator_from
    from offer_days_restocked
    inner join offers_to_restock
        on offer_days_restocked.offer_id = offers_to_restock.offer_id

)

select
    -- ids
    action_id,
    metric_id,
    vendor_id,
    unit_id,

    -- numbers
    numerator_value,
    denominator_value,

    -- dates
    membership_date,
    counts_from,
    counts_until,
    numerator_from
from foreseen
