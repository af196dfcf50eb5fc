{{ config(materialized='table') }}

{%- set event_times = {
    'orders': 'ordered_at',
    'order_lines': none,
    'order_events': 'occurred_at',
    'payments': 'paid_at',
    'shipments': 'shipped_at',
    'products': none,
    'categories': none,
    'customers': none,
    'vendors': none,
    'reviews': 'created_at',
    'leads': 'created_at',
    'vendor_applications': 'applied_at',
} %}

with counted as (
{% for feed, event_time in event_times.items() %}
    {{ 'union all' if not loop.first }}
    select
        '{{ feed }}' as feed,
        count(*) as row_count,
        {%- if event_time %}
        count(distinct {{ business_date(event_time) }}) as day_count,
        min({{ business_date(event_time) }}) as first_event_date,
        max({{ business_date(event_time) }}) as last_event_date
        {%- else %}
        cast(null as bigint) as day_count,
        cast(null as date) as first_event_date,
        cast(null as date) as last_event_date
        {%- endif %}
    from {{ ref('stg_marketplace__' ~ feed) }}
{% endfor %}
)

select
    -- ids
    feed,

    -- numbers: a gap is a day between the first and the last without a single row
    row_count,
    {{ days_between('first_event_date', 'last_event_date') }} + 1 - day_count as missing_day_count,

    -- dates
    first_event_date,
    last_event_date
from counted
