-- audience: operator
with whole as (
    select *
    from marts.fct_orders
    where order_id = $order_id
),

parts as (
    select *
    from marts.fct_vendor_orders
    where order_id = $order_id
),

visits as (
    select
        sessions.started_at as occurred_at,
        'visit' as step,
        sessions.channel as detail
    from marts.fct_sessions as sessions
    inner join whole
        on sessions.customer_id = whole.customer_id
    where
        sessions.session_kind = 'human'
        and sessions.started_at <= whole.ordered_at
        and sessions.started_at >= whole.ordered_at - interval 30 day
),

carts as (
    select
        carts.created_at,
        carts.checkout_at,
        carts.device
    from marts.fct_carts as carts
    inner join whole
        on carts.cart_id = whole.cart_id
),

own_steps as (
    select
        steps.occurred_at,
        steps.step,
        coalesce(steps.vendor_id, order_lines.vendor_id) as vendor_id,
        steps.actor,
        steps.currency_code,
        steps.amount
    from marts.mart_order_steps as steps
    left join marts.fct_order_lines as order_lines
        on
            steps.order_id = order_lines.order_id
            and steps.order_line_id = order_lines.order_line_id
    where steps.order_id = $order_id
),

united as (
    select * from own_steps
    union all by name
    select * from visits
    union all by name
    select
        created_at as occurred_at,
        'cart_created' as step,
        device as detail
    from carts
    union all by name
    select
        checkout_at as occurred_at,
        'checkout_began' as step,
        device as detail
    from carts
    where checkout_at is not null
    union all by name
    select
        ordered_at as occurred_at,
        'ordered' as step,
        channel as detail,
        currency_code,
        gmv as amount
    from whole
    union all by name
    select
        approved_at as occurred_at,
        'approved' as step
    from whole
    where approved_at is not null
    union all by name
    select
        shipped_at as occurred_at,
        'shipped' as step,
        vendor_id,
        shipped_at > ship_by_at as is_late
    from parts
    where shipped_at is not null
    union all by name
    select
        delivered_at as occurred_at,
        'delivered' as step,
        vendor_id,
        delivered_at > promised_at as is_late
    from parts
    where delivered_at is not null
    union all by name
    select
        occurred_at,
        kind as step,
        vendor_id,
        detail
    from marts.mart_touchpoints
    where
        order_id = $order_id
        and kind in ('ticket', 'review', 'survey', 'vendor_message')
)

select
    united.occurred_at,
    united.step,
    united.vendor_id,
    vendors.vendor_name,
    united.detail,
    united.actor,
    united.currency_code,
    united.amount,
    coalesce(united.is_late, false) as is_late
from united
left join marts.dim_vendors as vendors
    on united.vendor_id = vendors.vendor_id
order by
    united.occurred_at asc nulls last,
    united.step asc,
    united.vendor_id asc nulls last,
    united.amount asc nulls last
