{# The funnel of a vendor by whole month, where at least ten visitors are behind it. #}
with visitors as (

    select
        vendor_id,
        {{ month_of('session_date') }} as visit_month,
        count(distinct visitor_id) as visitor_count
    from {{ ref('int_vendor_visits') }}
    group by vendor_id, {{ month_of('session_date') }}

),

funnel as (

    select
        vendor_id,
        {{ month_of('session_date') }} as visit_month,
        sum(sessions) as sessions,
        sum(viewed) as viewed,
        sum(added_to_cart) as added_to_cart,
        sum(began_checkout) as began_checkout,
        sum(purchased) as purchased,
        sum(converted_sessions) as converted_sessions
    from {{ ref('mart_funnel_vendor_daily') }}
    group by vendor_id, {{ month_of('session_date') }}

)

select
    -- ids
    funnel.vendor_id,

    -- numbers
    cast(funnel.sessions as bigint) as sessions,
    cast(funnel.viewed as bigint) as viewed,
    cast(funnel.added_to_cart as bigint) as added_to_cart,
    cast(funnel.began_checkout as bigint) as began_checkout,
    cast(funnel.purchased as bigint) as purchased,
    cast(funnel.converted_sessions as bigint) as converted_sessions,

    -- dates
    funnel.visit_month,
    {{ as_of_date() }} as as_of_date
from funnel
inner join visitors
    on
        funnel.vendor_id = visitors.vendor_id
        and funnel.visit_month = visitors.visit_month
        and visitors.visitor_count >= {{ smallest_group() }}
