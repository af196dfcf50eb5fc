{{ config(materialized='incremental', partition_by=['order_date']) }}

with orders as (

    select * from {{ ref('stg_shop__orders') }}
    -- test orders leave here, once, and count nowhere
    where
        not is_test
        and order_date < {{ as_of_end_date() }}
        and {{ is_stale('order_date') }}

),

customers as (

    select
        customer_record_id,
        customer_id
    from {{ ref('stg_shop__customers') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_spanned') }}

),

{# A marketplace that names no currency has the one of most of its orders: of all of them, whatever
   days are built. #}
own_currencies as (

    {%- if var('currency_code') %}
        select cast('{{ var("currency_code") }}' as string) as own_currency_code
    {%- else %}
        select currency_code as own_currency_code
        from {{ ref('stg_shop__orders') }}
        where not is_test and order_date < {{ as_of_end_date() }}
        group by currency_code
        order by count(*) desc, currency_code asc
        limit 1
    {%- endif %}

),

dated as (

    select
        orders.*,
        own_currencies.own_currency_code,
        {{ business_date('orders.cancelled_at') }} as cancellation_date
    from orders
    cross join own_currencies

),

rated as (

    -- every amount of an order is converted at the order's date: its payments and refunds, too
    select
        dated.*,
        case
            when dated.currency_code = dated.own_currency_code then cast(1 as decimal(20, 10))
            else rates.exchange_rate
        end as exchange_rate
    from dated
    left join rates
        on
            {{ is_rate_of(
                'rates', 'dated.currency_code', 'dated.own_currency_code', 'dated.order_date'
            ) }}

)

select
    -- ids
    rated.order_id,
    coalesce(rated.customer_id, customers.customer_id, rated.customer_record_id) as customer_id,
    rated.cart_id,

    -- text
    rated.status,
    rated.channel,
    rated.own_currency_code as currency_code,
    rated.currency_code as original_currency_code,
    rated.cancelled_by,

    -- numbers
    rated.exchange_rate,
    rated.shipping_amount as original_shipping_amount,
    rated.discount_amount as original_discount_amount,
    rated.tax_amount as original_tax_amount,
    rated.total_amount as original_total_amount,
    {{ converted('rated.shipping_amount', 'rated.exchange_rate') }} as shipping_amount,
    {{ converted('rated.discount_amount', 'rated.exchange_rate') }} as discount_amount,
    {{ converted('rated.tax_amount', 'rated.exchange_rate') }} as tax_amount,
    {{ converted('rated.total_amount', 'rated.exchange_rate') }} as total_amount,

    -- booleans: a cancellation without a date is taken as known, one after as_of_date is not yet
    rated.status = 'cancelled'
    and coalesce(rated.cancellation_date < {{ as_of_end_date() }}, true) as is_cancelled,

    -- dates
    rated.order_date,

    -- timestamps
    rated.ordered_at,
    {{ known_by('rated.approved_at') }} as approved_at,
    case when rated.cancellation_date < {{ as_of_end_date() }} then rated.cancelled_at end
        as cancelled_at
from rated
left join customers
    on rated.customer_record_id = customers.customer_record_id
