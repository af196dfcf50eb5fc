{{ config(materialized='table') }}

{# Human sessions of the last 90 days by the vendor's product that they looked at; an order counts
   where one of the session followed the look. A session that looked at two counts for both. #}
with sessions as (

    select session_id
    from {{ ref('fct_sessions') }}
    where
        session_kind = 'human'
        and session_date > {{ days_before(as_of_date(), 90) }}

),

steps as (

    select
        session_id,
        vendor_id,
        product_id,
        event_type,
        occurred_at
    from {{ ref('int_session_steps') }}
    where
        session_date > {{ days_before(as_of_date(), 90) }}
        and event_type in ('product_viewed', 'product_added', 'order_completed')
        and vendor_id is not null
        and product_id is not null

),

touched as (

    select
        steps.session_id,
        steps.vendor_id,
        steps.product_id,
        min(case when steps.event_type = 'product_viewed' then steps.occurred_at end) as viewed_at,
        max(case when steps.event_type = 'product_added' then steps.occurred_at end)
            as last_added_at,
        max(case when steps.event_type = 'order_completed' then steps.occurred_at end)
            as last_ordered_at
    from steps
    inner join sessions
        on steps.session_id = sessions.session_id
    group by steps.session_id, steps.vendor_id, steps.product_id

)

select
    -- ids
    vendor_id,
    product_id,

    -- numbers
    count(viewed_at) as viewed_sessions,
    count(case when last_added_at >= viewed_at then 1 end) as added_sessions,
    count(case when last_ordered_at >= viewed_at then 1 end) as ordered_sessions
from touched
group by vendor_id, product_id
