{{ config(materialized='incremental', partition_by=['session_date']) }}

{# Outside of the condition, for dbt notes which macros a model calls when it reads the project. #}
{% set is_other_day %}
    {{ business_date('first_event_at') }} > {{ business_date('event_before_at') }}
{% endset %}
{% set counted = {
    'event': (),
    'view': (
        'page_viewed', 'content_viewed', 'vendor_viewed', 'product_list_viewed',
        'products_searched', 'product_viewed',
    ),
    'product_view': ('product_viewed',),
    'key_event': (
        'product_added', 'order_completed', 'quote_requested', 'approval_requested', 'signed_up',
        'newsletter_subscribed',
    ),
    'cart_event': ('product_added',),
    'checkout_event': ('checkout_started',),
    'order_event': ('order_completed',),
} %}

with events as (

    select
        *,
        {{ span_of('occurred_at') }} as span_number
    from {{ ref('stg_tracking__events') }}
    where {{ may_be_in_session() }}

),

spans as (

    select
        visitor_id,
        span_number,
        {% for name, types in counted.items() -%}
            count(case when {{ is_event(types) }} then 1 end) as {{ name }}_count,
        {% endfor -%}
        cast(sum(engagement_seconds) as bigint) as engagement_seconds,
        min(customer_id) as first_customer_id,
        max(customer_id) as last_customer_id,
        min(account_id) as account_id,
        bool_or(is_bot) as is_bot,
        min(case when event_type = 'product_viewed' then occurred_at end) as first_viewed_at,
        max(case when event_type = 'order_completed' then occurred_at end) as last_ordered_at,
        min(occurred_at) as first_event_at,
        max(occurred_at) as last_event_at
    from events
    group by visitor_id, span_number

),

-- what these sessions hold is theirs, and where they end others may go on
standing as (

    {{ standing_spans('spans') }}

),

ordered as (

    select
        spans.*,
        cast(null as bigint) as kept_activity_span
    from spans
    left join standing
        on
            spans.visitor_id = standing.visitor_id
            and spans.span_number = standing.span_number
    where standing.visitor_id is null

    union all

    select
        visitor_id,
        span_number,
        {% for name in counted -%}
            {{ name }}_count,
        {% endfor -%}
        engagement_seconds,
        first_customer_id,
        last_customer_id,
        account_id,
        is_bot,
        first_viewed_at,
        last_ordered_at,
        first_event_at,
        last_event_at,
        activity_span as kept_activity_span
    from standing

),

before as (

    select
        *,
        lag(last_event_at) over (
            partition by visitor_id order by span_number nulls last
        ) as event_before_at
    from ordered

),

begun as (

    select
        *,
        kept_activity_span is null
        and {{ begins_activity(
            'event_before_at',
            var('session_inactivity_minutes'),
            is_other_day if var('sessions_cut_at_midnight')
        ) }} as is_begin
    from before

),

activities as (

    select
        *,
        max(
            case
                when is_begin then span_number
                when kept_activity_span is not null then kept_activity_span
            end
        ) over (
            partition by visitor_id order by span_number nulls last
            rows between unbounded preceding and current row
        ) as activity_span,
        max(case when is_begin then first_event_at end) over (
            partition by visitor_id order by span_number nulls last
            rows between unbounded preceding and current row
        ) as activity_began_at
    from begun

),

pieces as (

    select
        *,
        {{ piece_of_activity() }} as piece_number
    from activities
    where kept_activity_span is null

),

later_pieces as (

    -- hardly any activity goes on for so long
    select
        visitor_id,
        activity_span,
        piece_number,
        min(span_number) as session_span,
        min(first_event_at) as started_at
    from pieces
    where piece_number > 0
    group by visitor_id, activity_span, piece_number

),

sessions as (

    select
        pieces.*,
        coalesce(later_pieces.session_span, pieces.activity_span) as session_span,
        coalesce(later_pieces.started_at, pieces.activity_began_at) as started_at
    from pieces
    left join later_pieces
        on
            pieces.visitor_id = later_pieces.visitor_id
            and pieces.activity_span = later_pieces.activity_span
            and pieces.piece_number = later_pieces.piece_number

),

-- asking a time zone is slow: once per quarter of an hour, which midnight of no zone tears
quarters as (

    select
        quarter_number,
        {{ business_date('min(first_event_at)') }} as session_date
    from (
        select
            {{ quarter_of('first_event_at') }} as quarter_number,
            first_event_at
        from pieces
    ) as numbered
    group by quarter_number

),

dated as (

    select
        sessions.*,
        quarters.session_date
    from sessions
    inner join quarters
        on {{ quarter_of('sessions.started_at') }} = quarters.quarter_number

)

select
    -- ids
    visitor_id,
    span_number,
    session_span,
    activity_span,
    first_customer_id,
    last_customer_id,
    account_id,

    -- numbers
    event_count,
    view_count,
    product_view_count,
    key_event_count,
    cart_event_count,
    checkout_event_count,
    order_event_count,
    engagement_seconds,

    -- booleans
    is_bot,

    -- dates
    session_date,

    -- timestamps
    started_at,
    first_viewed_at,
    last_ordered_at,
    first_event_at,
    last_event_at
from dated
where {{ is_stale('session_date') }}
