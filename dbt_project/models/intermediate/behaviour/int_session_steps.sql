{{ config(materialized='incremental', partition_by=['session_date']) }}

{# The events that sessions, funnels, carts and searches are judged by. A session's first event is
   among them whatever it is, for where it came from and landed. #}
with events as (

    select
        *,
        {{ span_of('occurred_at') }} as span_number
    from {{ ref('stg_tracking__events') }}
    where {{ may_be_in_session() }}

),

spans as (

    select * from {{ ref('int_session_spans') }}
    where {{ is_stale('session_date') }}

),

test_orders as (

    select order_id
    from {{ ref('stg_shop__orders') }}
    where is_test

)

select
    -- ids
    {{ session_id_of('spans') }} as session_id,
    events.vendor_id,
    events.product_id,
    events.category_id,
    events.cart_id,
    events.order_id,

    -- text
    events.event_type,
    events.search_term,
    events.currency_code,
    {%- for column in [
        'campaign_id', 'traffic_source', 'traffic_medium', 'page_path', 'device', 'country_code'
    ] %}
        case when events.occurred_at = spans.started_at then events.{{ column }} end
            as landing_{{ column }},
    {%- endfor %}

    -- numbers
    events.item_number,
    events.quantity,
    events.unit_price,
    events.result_count,

    -- booleans
    events.occurred_at = spans.started_at as is_landing,
    test_orders.order_id is not null as is_test,

    -- dates
    spans.session_date,

    -- timestamps
    events.occurred_at
from events
inner join spans
    on events.visitor_id = spans.visitor_id and events.span_number = spans.span_number
left join test_orders
    on events.order_id = test_orders.order_id
where
    events.event_type in (
        'vendor_viewed', 'products_searched', 'product_viewed', 'product_added', 'product_removed',
        'checkout_started', 'order_completed', 'approval_requested', 'approval_granted',
        'approval_refused'
    )
    or events.occurred_at = spans.started_at
