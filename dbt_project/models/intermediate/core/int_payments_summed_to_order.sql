{# An order's payments of one currency are added before they are converted, so that their parts do
   not drift. Where one of them has no rate nothing is known of their sum, and it is NULL. #}
with payments as (

    select
        *,
        case when kind = 'charge' then amount else -amount end as received_amount
    from {{ ref('stg_erp__payments') }}
    where
        status = 'paid'
        -- money that went back may be called refunded instead of paid
        or (status = 'refunded' and kind <> 'charge')

),

orders as (

    select
        order_id,
        order_date,
        currency_code,
        original_currency_code,
        exchange_rate
    from {{ ref('int_orders_resolved') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_spanned') }}

),

by_currency as (

    select
        orders.order_id,
        orders.order_date,
        orders.currency_code as own_currency_code,
        orders.original_currency_code,
        orders.exchange_rate as order_exchange_rate,
        coalesce(payments.currency_code, orders.original_currency_code) as currency_code,
        count_if(payments.kind = 'charge') as payment_count,
        sum(payments.received_amount) as received_amount,
        sum(case when payments.kind = 'charge' then 0 else payments.amount end) as refunded_amount
    from payments
    inner join orders
        on payments.order_id = orders.order_id
    -- an undated payment is taken as made
    where
        coalesce({{ business_date('payments.paid_at') }} < {{ as_of_end_date() }}, true)
        and {{ is_of_stale_order('payments.order_id') }}
    group by
        orders.order_id,
        orders.order_date,
        orders.currency_code,
        orders.original_currency_code,
        orders.exchange_rate,
        coalesce(payments.currency_code, orders.original_currency_code)

),

rated as (

    select
        by_currency.*,
        case
            when by_currency.currency_code = by_currency.original_currency_code
                then by_currency.order_exchange_rate
            when by_currency.currency_code = by_currency.own_currency_code
                then cast(1 as decimal(20, 10))
            else rates.exchange_rate
        end as exchange_rate
    from by_currency
    left join rates
        on
            {{ is_rate_of(
                'rates',
                'by_currency.currency_code',
                'by_currency.original_currency_code',
                'by_currency.order_date'
            ) }}

),

converted as (

    select
        order_id,
        payment_count,
        {{ converted('received_amount', 'exchange_rate') }} as received_amount,
        {{ converted('refunded_amount', 'exchange_rate') }} as refunded_amount
    from rated

)

select
    -- ids
    order_id,

    -- numbers
    cast(sum(payment_count) as bigint) as payment_count,
    case when count(*) = count(received_amount) then {{ money('sum(received_amount)') }} end
        as paid_amount,
    case when count(*) = count(refunded_amount) then {{ money('sum(refunded_amount)') }} end
        as refunded_amount
from converted
group by order_id
