with listings as (

    select * from {{ ref('stg_kontor__win_back_listings') }}

),

{# The first purchase after the silence began; one from before the listing became known late. #}
returns as (

    select
        listings.customer_id,
        listings.silent_since,
        min(purchases.order_date) as returned_on
    from listings
    inner join {{ ref('int_customer_purchase_days') }} as purchases
        on
            listings.customer_id = purchases.customer_id
            and listings.silent_since < purchases.order_date
    group by listings.customer_id, listings.silent_since

),

reachable as (

    select distinct customer_id
    from {{ ref('mart_contactability') }}
    where
        purpose = 'marketing'
        and is_contactable
        and channel in ('email', 'sms', 'phone', 'post', 'push')

),

followed as (

    select
        listings.*,
        returns.returned_on,
        returns.returned_on <= listings.listed_on as was_not_silent,
        {{ days_between('listings.listed_on', as_of_date()) }} as listed_days,
        {{ days_between('listings.listed_on', 'returns.returned_on') }} as return_days,
        reachable.customer_id is not null as is_contactable
    from listings
    left join returns
        on
            listings.customer_id = returns.customer_id
            and listings.silent_since = returns.silent_since
    left join reachable
        on listings.customer_id = reachable.customer_id

)

select
    -- ids
    customer_id,

    -- text
    reason_code,
    contact_channel,
    case
        when was_not_silent then 'was_not_silent'
        when return_days <= 90 then 'won_back'
        when listed_days >= 90 then 'not_won_back'
        else 'open'
    end as outcome,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    silence_days,
    limit_days,
    historic_value,

    -- booleans
    is_lost_order,
    is_late_delivery,
    is_unanswered_message,
    is_price_rise,
    is_ticket,
    is_contactable,
    {% for days in [30, 60, 90] -%}
        case
            when was_not_silent then cast(null as boolean)
            when return_days <= {{ days }} then true
            when listed_days >= {{ days }} then false
        end as is_won_back_{{ days }}d,
    {% endfor %}
    -- dates
    silent_since,
    listed_on,
    returned_on,
    {{ as_of_date() }} as as_of_date
from followed
