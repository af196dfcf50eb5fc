{# The first purchase after each listed silence began; one from before the listing became known
   late. #}
with listings as (

    select * from {{ ref('stg_kontor__win_back_listings') }}

),

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

)

select
    -- ids
    listings.customer_id,

    -- text
    listings.reason_code,
    listings.contact_channel,

    -- numbers
    listings.silence_days,
    listings.limit_days,
    listings.historic_value,
    {{ days_between('listings.listed_on', as_of_date()) }} as listed_days,
    {{ days_between('listings.listed_on', 'returns.returned_on') }} as return_days,

    -- booleans
    listings.is_lost_order,
    listings.is_late_delivery,
    listings.is_unanswered_message,
    listings.is_price_rise,
    listings.is_ticket,
    coalesce(returns.returned_on <= listings.listed_on, false) as was_not_silent,

    -- dates
    listings.silent_since,
    listings.listed_on,
    returns.returned_on
from listings
left join returns
    on
        listings.customer_id = returns.customer_id
        and listings.silent_since = returns.silent_since
