{# The metrics of visits under the names of the registry; any days' rates are of the sums of what
   they are made of. #}
with funnel as (

    select
        session_date,
        cast(sum(sessions) as bigint) as session_count,
        cast(sum(converted_sessions) as bigint) as converted_sessions,
        cast(sum(engaged_sessions) as bigint) as engaged_sessions
    from {{ ref('mart_funnel_daily') }}
    group by session_date

),

carts as (

    select
        cart_date,
        cast(sum(carts - open_carts) as bigint) as judged_carts,
        cast(sum(abandoned_carts) as bigint) as abandoned_carts,
        cast(sum(checkouts - open_checkouts) as bigint) as judged_checkouts,
        cast(sum(abandoned_checkouts) as bigint) as abandoned_checkouts
    from {{ ref('mart_carts_daily') }}
    group by cart_date

),

visitors as (

    select
        entry_date,
        cast(sum(case when purchased is not null then visitors end) as bigint) as judged_visitors,
        cast(sum(purchased) as bigint) as purchased_visitors
    from {{ ref('mart_funnel_visitor_daily') }}
    group by entry_date

),

-- a cart or a look of another day than that on which its session began has a day, too
days as (

    select session_date from funnel
    union
    select cart_date as session_date from carts
    union
    select entry_date as session_date from visitors

)

select
    -- numbers
    coalesce(funnel.session_count, 0) as session_count,
    coalesce(funnel.converted_sessions, 0) as converted_sessions,
    coalesce(funnel.engaged_sessions, 0) as engaged_sessions,
    coalesce(carts.judged_carts, 0) as judged_carts,
    coalesce(carts.abandoned_carts, 0) as abandoned_carts,
    coalesce(carts.judged_checkouts, 0) as judged_checkouts,
    coalesce(carts.abandoned_checkouts, 0) as abandoned_checkouts,
    coalesce(visitors.judged_visitors, 0) as judged_visitors,
    coalesce(visitors.purchased_visitors, 0) as purchased_visitors,
    {{ ratio('funnel.converted_sessions', 'funnel.session_count') }} as conversion_rate,
    {{ ratio('funnel.session_count - funnel.engaged_sessions', 'funnel.session_count') }}
        as bounce_rate,
    {{ ratio('carts.abandoned_carts', 'carts.judged_carts') }} as cart_abandonment_rate,
    {{ ratio('carts.abandoned_checkouts', 'carts.judged_checkouts') }}
        as checkout_abandonment_rate,
    {{ ratio('visitors.purchased_visitors', 'visitors.judged_visitors') }}
        as visitor_conversion_rate,

    -- dates
    days.session_date,
    {{ as_of_date() }} as as_of_date
from days
left join funnel
    on days.session_date = funnel.session_date
left join carts
    on days.session_date = carts.cart_date
left join visitors
    on days.session_date = visitors.entry_date
