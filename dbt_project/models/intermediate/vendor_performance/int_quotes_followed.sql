{# What became of a buyer's request to a vendor, as known by as_of_date. The status in the feed may
   be of a later day, so the dates tell the stage; which way it was decided, only the status says. #}
with quotes as (

    select
        quote_id,
        vendor_id,
        order_id,
        status,
        currency_code,
        amount,
        valid_until,
        {{ known_by('requested_at') }} as requested_at,
        {{ known_by('sent_at') }} as sent_at,
        {{ known_by('decided_at') }} as decided_at,
        {{ business_date('requested_at') }} as requested_date
    from {{ ref('stg_crm__quotes') }}
    where vendor_id is not null

),

staged as (

    select
        *,
        case
            when decided_at is not null and status = 'accepted' then 'won'
            when decided_at is not null and status = 'withdrawn' then 'withdrawn'
            when decided_at is not null then 'lost'
            -- one without a moment of the decision, such as one that nobody took
            when status = 'withdrawn' then 'withdrawn'
            when valid_until < {{ as_of_end_date() }} then 'expired'
            when sent_at is not null then 'offered'
            else 'to_answer'
        end as quote_stage
    from quotes
    where requested_at is not null

),

currencies as (

    select max(currency_code) as own_currency_code
    from {{ ref('fct_orders') }}

),

valued as (

    select
        staged.*,
        currencies.own_currency_code
    from staged
    cross join currencies

)

select
    -- ids
    valued.quote_id,
    valued.vendor_id,
    valued.order_id,

    -- text
    valued.quote_stage,
    valued.currency_code as original_currency_code,

    -- numbers
    valued.amount as original_amount,
    case
        when valued.currency_code = valued.own_currency_code then valued.amount
        else {{ converted('valued.amount', 'rates.exchange_rate') }}
    end as amount,
    {{ hours_between('valued.requested_at', 'valued.sent_at') }} as hours_to_offer,

    -- dates: an offer that nobody took ended with its last day
    valued.requested_date,
    valued.valid_until,
    case
        when valued.quote_stage in ('won', 'lost') then {{ business_date('valued.decided_at') }}
        when valued.quote_stage = 'expired' then valued.valid_until
    end as closed_date,

    -- timestamps
    valued.requested_at,
    valued.sent_at,
    valued.decided_at
from valued
left join {{ ref('int_exchange_rates_spanned') }} as rates
    on
        {{ is_rate_of(
            'rates', 'valued.currency_code', 'valued.own_currency_code', 'valued.requested_date'
        ) }}
