{{ config(materialized='incremental', partition_by=['order_date']) }}

{# What came back of a line and was paid back, as known by as_of_date, in the currency of its order.
   What comes back is worth its share of the line, and less where less was paid back for it; never
   more than the line, however many units are said to have come back. Where the line states its tax,
   what was paid back is taken apart as the line is: goods and payouts are before tax. A discount on
   the order lowers what is paid back and not what the goods were worth: sales are before it. #}
with known_returns as (

    select
        order_id,
        order_line_id,
        status,
        currency_code,
        quantity,
        refund_amount,
        requested_at,
        received_at,
        refunded_at
    from {{ ref('stg_oms__returns') }}
    where order_id is not null and order_line_id is not null
    union all
    select
        order_id,
        order_line_id,
        status,
        currency_code,
        quantity,
        refund_amount,
        requested_at,
        received_at,
        refunded_at
    from {{ ref('int_returns_matched_to_order_line') }}
    where order_line_id is not null

),

returns as (

    select
        *,
        -- a refund without a date is taken as known since the goods came back, or were asked for
        case
            when refunded_at is not null then {{ business_date('refunded_at') }}
            when status = 'refunded' then {{ business_date('coalesce(received_at, requested_at)') }}
        end as refunded_date
    from known_returns
    where
        coalesce(status, 'refunded') not in ('requested', 'refused')
        and {{ is_of_stale_order('order_id') }}

),

order_lines as (

    select
        *,
        not is_cancelled and status <> 'unavailable' as is_standing,
        sum(original_gmv) over (partition by order_id) as order_goods
    from {{ ref('int_order_lines_joined') }}
    where {{ is_stale('order_date') }}

),

orders as (

    select
        order_id,
        coalesce(original_discount_amount, 0) as discount_amount
    from {{ ref('int_orders_resolved') }}
    where {{ is_stale('order_date') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_spanned') }}

),

joined as (

    select
        order_lines.order_line_id,
        order_lines.order_id,
        order_lines.vendor_id,
        order_lines.order_date,
        order_lines.original_currency_code,
        order_lines.original_commission_amount,
        coalesce(order_lines.original_tax_amount, 0) as tax_amount,
        order_lines.original_gmv + order_lines.original_shipping_amount as taxed_amount,
        order_lines.quantity as ordered_quantity,
        returns.quantity,
        returns.refunded_date,
        case when order_lines.is_standing then order_lines.original_gmv else 0 end as standing_gmv,
        {{ average_money('order_lines.original_gmv * returns.quantity', 'order_lines.quantity') }}
            as share_amount,
        orders.discount_amount,
        order_lines.order_goods,
        -- in another currency than the order it goes the way over the marketplace's
        case
            when
                coalesce(returns.currency_code, order_lines.original_currency_code)
                = order_lines.original_currency_code
                then returns.refund_amount
            when returns.currency_code = order_lines.currency_code
                then
                    {{ average_money('returns.refund_amount', 'order_lines.exchange_rate') }}
            else {{ average_money(
                'returns.refund_amount * rates.exchange_rate', 'order_lines.exchange_rate'
            ) }}
        end as refund_amount
    from returns
    inner join order_lines
        on
            returns.order_id = order_lines.order_id
            and returns.order_line_id = order_lines.order_line_id
    inner join orders
        on order_lines.order_id = orders.order_id
    left join rates
        on
            {{ is_rate_of(
                'rates',
                'returns.currency_code',
                'order_lines.original_currency_code',
                'order_lines.order_date'
            ) }}
    where returns.refunded_date < {{ as_of_end_date() }}

),

parted as (

    select
        *,
        case
            when tax_amount = 0 then refund_amount
            else {{ average_money('refund_amount * taxed_amount', 'taxed_amount + tax_amount') }}
        end as refund_before_tax,
        coalesce(
            {{ average_money('discount_amount * share_amount', 'order_goods') }}, {{ money('0') }}
        ) as share_discount,
        case
            when tax_amount = 0 then {{ money('0') }}
            else {{ average_money('share_amount * tax_amount', 'taxed_amount') }}
        end as share_tax
    from joined

),

before_discount as (

    select
        *,
        least(refund_before_tax + share_discount, greatest(share_amount, refund_before_tax))
            as refund_before_discount
    from parted

),

valued as (

    select
        *,
        -- a return without an amount gives back its share of the line, with the tax on it
        coalesce(refund_amount, share_amount + share_tax) as paid_back_amount,
        case
            when refund_amount is null then share_amount
            -- two amounts that were rounded differ by a cent, and no cent of the goods is missing
            when
                (tax_amount > 0 or share_discount > 0)
                and abs(refund_before_discount - share_amount) <= 0.01
                then share_amount
            else refund_before_discount
        end as paid_back_before_tax
    from before_discount

)

select
    -- ids
    order_line_id,
    order_id,
    vendor_id,

    -- text
    original_currency_code as currency_code,

    -- numbers
    {{ units('sum(quantity)') }} as returned_quantity,
    {{ money('sum(paid_back_amount)') }} as refund_amount,
    {{ money('sum(paid_back_before_tax)') }} as refund_net_amount,
    -- what was paid back for shipping is no goods
    {{ money('least(sum(least(paid_back_before_tax, share_amount)), max(standing_gmv))') }}
        as returned_amount,
    max(original_commission_amount) as commission_amount,

    -- booleans
    sum(quantity) > max(ordered_quantity) as is_beyond_ordered,

    -- dates
    order_date,
    max(refunded_date) as refunded_date
from valued
group by order_line_id, order_id, vendor_id, order_date, original_currency_code
