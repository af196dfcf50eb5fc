{{ config(materialized='incremental', partition_by=['session_date']) }}

with spans as (

    select * from {{ ref('int_session_spans') }}
    where {{ is_stale('session_date') }}

),

steps as (

    select * from {{ ref('int_session_steps') }}
    where {{ is_stale('session_date') }}

),

sessions as (

    select
        {{ session_id_of('spans') }} as session_id,
        session_date,
        visitor_id,
        started_at,
        -- two people signed in within one session: it is neither's
        case
            when min(first_customer_id) = max(last_customer_id) then min(first_customer_id)
        end as customer_id,
        min(account_id) as account_id,
        coalesce(min(first_customer_id) <> max(last_customer_id), false) as is_shared,
        cast(sum(event_count) as bigint) as event_count,
        cast(sum(view_count) as bigint) as view_count,
        cast(sum(product_view_count) as bigint) as product_view_count,
        cast(sum(key_event_count) as bigint) as key_event_count,
        cast(sum(cart_event_count) as bigint) as cart_event_count,
        cast(sum(checkout_event_count) as bigint) as checkout_event_count,
        cast(sum(order_event_count) as bigint) as order_event_count,
        cast(coalesce(sum(engagement_seconds), 0) as bigint) as engagement_seconds,
        bool_or(is_bot) as is_bot,
        min(first_viewed_at) as first_viewed_at,
        max(last_ordered_at) as last_ordered_at,
        max(last_event_at) as ended_at
    from spans
    group by visitor_id, session_span, session_date, started_at

),

landings as (

    -- of several events in one moment, whatever one of them says
    select
        session_id,
        max(landing_campaign_id) as campaign_id,
        max(landing_traffic_source) as traffic_source,
        max(landing_traffic_medium) as traffic_medium,
        max(landing_page_path) as landing_page,
        max(landing_device) as device,
        max(landing_country_code) as country_code
    from steps
    where is_landing
    group by session_id

),

-- In order: the first cart after the first view, and the last checkout before the last order. There
-- is a checkout between them exactly if the one is not after the other.
bounds as (

    select
        steps.session_id,
        min(
            case
                when
                    steps.event_type = 'product_added'
                    and steps.occurred_at >= sessions.first_viewed_at
                    then steps.occurred_at
            end
        ) as first_added_at,
        max(case when steps.event_type = 'checkout_started' then steps.occurred_at end)
            as last_checkout_at,
        max(
            case
                when
                    steps.event_type = 'checkout_started'
                    and steps.occurred_at <= sessions.last_ordered_at
                    then steps.occurred_at
            end
        ) as last_bought_checkout_at,
        bool_or(steps.is_test) as is_test
    from steps
    inner join sessions
        on steps.session_id = sessions.session_id
    where steps.event_type in ('product_added', 'checkout_started', 'order_completed')
    group by steps.session_id

),

joined as (

    select
        sessions.*,
        landings.campaign_id,
        landings.traffic_source,
        landings.traffic_medium,
        landings.landing_page,
        coalesce(landings.device, 'other') as device,
        landings.country_code,
        coalesce(bounds.is_test, false) as is_test,
        bounds.first_added_at,
        {{ seconds_between('bounds.last_bought_checkout_at', 'sessions.last_ordered_at') }}
            as checkout_seconds,
        coalesce(bounds.last_checkout_at >= bounds.first_added_at, false) as has_checkout_in_order,
        coalesce(bounds.last_bought_checkout_at >= bounds.first_added_at, false)
            as has_order_in_order,
        -- so much is looked at by nobody who does nothing else
        sessions.product_view_count >= {{ var('bot_product_views') }}
        and sessions.product_view_count + 1 >= sessions.event_count
        and sessions.customer_id is null as behaves_like_bot
    from sessions
    left join landings
        on sessions.session_id = landings.session_id
    left join bounds
        on sessions.session_id = bounds.session_id

),

judged as (

    select
        *,
        {{ seconds_between('started_at', 'ended_at') }} as duration_seconds,
        case
            when is_test then 'test'
            when is_bot or behaves_like_bot then 'bot'
            else 'human'
        end as session_kind,
        case
            when has_order_in_order then 4
            when has_checkout_in_order then 3
            when first_added_at is not null then 2
            when first_viewed_at is not null then 1
            else 0
        end as funnel_step
    from joined

)

select
    -- ids
    session_id,
    visitor_id,
    customer_id,
    account_id,
    campaign_id,

    -- text
    session_kind,
    {{ channel_of('traffic_source', 'traffic_medium') }} as channel,
    traffic_source,
    traffic_medium,
    landing_page,
    device,
    country_code,

    -- numbers
    event_count,
    view_count,
    order_event_count as order_count,
    cast(funnel_step as bigint) as funnel_step,
    cast(duration_seconds as bigint) as duration_seconds,
    engagement_seconds,
    cast(checkout_seconds as bigint) as checkout_seconds,

    -- booleans
    product_view_count > 0 as viewed,
    cart_event_count > 0 as added_to_cart,
    checkout_event_count > 0 as began_checkout,
    order_event_count > 0 as purchased,
    greatest(duration_seconds, engagement_seconds) > 10 or key_event_count > 0 or view_count >= 2
        as is_engaged,
    is_shared,

    -- dates
    session_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    started_at,
    ended_at
from judged
