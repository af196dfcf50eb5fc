{{ config(materialized='table') }}

with events as (

    select
        'orders' as feed,
        order_date as event_date
    from {{ ref('stg_marketplace__orders') }}
    union all
    select
        'order_lines' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__order_lines') }}
    union all
    select
        'order_events' as feed,
        {{ business_date('occurred_at') }} as event_date
    from {{ ref('stg_marketplace__order_events') }}
    union all
    select
        'payments' as feed,
        {{ business_date('paid_at') }} as event_date
    from {{ ref('stg_marketplace__payments') }}
    union all
    select
        'shipments' as feed,
        {{ business_date('shipped_at') }} as event_date
    from {{ ref('stg_marketplace__shipments') }}
    union all
    select
        'products' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__products') }}
    union all
    select
        'categories' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__categories') }}
    union all
    select
        'customers' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__customers') }}
    union all
    select
        'vendors' as feed,
        cast(null as date) as event_date
    from {{ ref('stg_marketplace__vendors') }}
    union all
    select
        'reviews' as feed,
        {{ business_date('created_at') }} as event_date
    from {{ ref('stg_marketplace__reviews') }}
    union all
    select
        'leads' as feed,
        {{ business_date('created_at') }} as event_date
    from {{ ref('stg_marketplace__leads') }}
    union all
    select
        'vendor_applications' as feed,
        {{ business_date('applied_at') }} as event_date
    from {{ ref('stg_marketplace__vendor_applications') }}

),

counted as (

    select
        feed,
        count(*) as row_count,
        count(distinct event_date) as day_count,
        min(event_date) as first_event_date,
        max(event_date) as last_event_date
    from events
    group by feed

)

select
    -- ids
    feed,

    -- numbers: a day without a row is a gap only where nearly every day has one
    row_count,
    case
        when day_count >= 0.9 * ({{ days_between('first_event_date', 'last_event_date') }} + 1)
            then {{ days_between('first_event_date', 'last_event_date') }} + 1 - day_count
    end as missing_day_count,
    cast({{ days_between('first_event_date', 'last_event_date') }} + 1 as double)
    / nullif(day_count, 0) as days_per_day_with_rows,

    -- dates
    first_event_date,
    last_event_date
from counted
