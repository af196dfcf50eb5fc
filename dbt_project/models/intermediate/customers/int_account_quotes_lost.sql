{# What a company asked for and then did not order here, in the marketplace's currency. A quote that
   is still open is not lost, and one without an amount or a rate has no known size. #}
with currencies as (

    select max(currency_code) as own_currency_code
    from {{ ref('fct_orders') }}

),

quotes as (

    select
        quotes.account_id,
        quotes.quote_id,
        quotes.currency_code,
        quotes.amount,
        currencies.own_currency_code,
        {{ business_date('quotes.requested_at') }} as requested_date
    from {{ ref('stg_crm__quotes') }} as quotes
    cross join currencies
    where
        quotes.account_id is not null
        and quotes.order_id is null
        and quotes.status in ('refused', 'expired', 'withdrawn')
        and {{ business_date('coalesce(quotes.decided_at, quotes.requested_at)') }}
        < {{ as_of_end_date() }}

)

select
    -- ids
    quotes.account_id,

    -- numbers
    count(*) as lost_quote_count,
    sum(
        case
            when quotes.currency_code = quotes.own_currency_code then quotes.amount
            else {{ converted('quotes.amount', 'rates.exchange_rate') }}
        end
    ) as lost_quote_amount
from quotes
left join {{ ref('int_exchange_rates_spanned') }} as rates
    on
        {{ is_rate_of(
            'rates', 'quotes.currency_code', 'quotes.own_currency_code', 'quotes.requested_date'
        ) }}
group by quotes.account_id
