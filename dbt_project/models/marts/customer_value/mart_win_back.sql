with listings as (

    select * from {{ ref('int_win_back_listings_followed') }}

),

reachable as (

    select distinct customer_id
    from {{ ref('mart_contactability') }}
    where
        purpose = 'marketing'
        and is_contactable
        and channel in ('email', 'sms', 'phone', 'post', 'push')

)

select
    -- ids
    listings.customer_id,

    -- text
    listings.reason_code,
    listings.contact_channel,
    case
        when listings.was_not_silent then 'was_not_silent'
        when listings.return_days <= 90 then 'won_back'
        when listings.listed_days >= 90 then 'not_won_back'
        else 'open'
    end as outcome,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    listings.silence_days,
    listings.limit_days,
    listings.historic_value,

    -- booleans
    listings.is_lost_order,
    listings.is_late_delivery,
    listings.is_unanswered_message,
    listings.is_price_rise,
    listings.is_ticket,
    reachable.customer_id is not null as is_contactable,
    case
        when listings.was_not_silent then cast(null as boolean)
        when listings.return_days <= 30 then true
        when listings.listed_days >= 30 then false
    end as is_won_back_30d,
    case
        when listings.was_not_silent then cast(null as boolean)
        when listings.return_days <= 60 then true
        when listings.listed_days >= 60 then false
    end as is_won_back_60d,
    case
        when listings.was_not_silent then cast(null as boolean)
        when listings.return_days <= 90 then true
        when listings.listed_days >= 90 then false
    end as is_won_back_90d,

    -- dates
    listings.silent_since,
    listings.listed_on,
    listings.returned_on,
    {{ as_of_date() }} as as_of_date
from listings
left join reachable
    on listings.customer_id = reachable.customer_id
