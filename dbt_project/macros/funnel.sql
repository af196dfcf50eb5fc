{# Human sessions that touched something by day, and how far they came with it in order. A checkout
   is of a whole basket, so it is the session's: what one session touched does not add up. #}
{% macro funnel_by(column) -%}
with sessions as (

    select session_id
    from {{ ref('fct_sessions') }}
    where session_kind = 'human' and {{ is_stale('session_date') }}

),

steps as (

    select * from {{ ref('int_session_steps') }}
    where {{ is_stale('session_date') }}

),

checkouts as (

    select
        session_id,
        occurred_at
    from steps
    where event_type = 'checkout_started'

),

touched as (

    select
        steps.session_id,
        steps.session_date,
        steps.{{ column }},
        min(case when steps.event_type = 'product_viewed' then steps.occurred_at end) as viewed_at,
        max(case when steps.event_type = 'order_completed' then steps.occurred_at end)
            as last_ordered_at,
        max(case when steps.event_type = 'product_added' then steps.occurred_at end)
            as last_added_at
    from steps
    inner join sessions
        on steps.session_id = sessions.session_id
    where steps.{{ column }} is not null
    group by steps.session_id, steps.session_date, steps.{{ column }}

),

added as (

    select
        steps.session_id,
        steps.{{ column }},
        min(steps.occurred_at) as added_at,
        min(touched.last_ordered_at) as last_ordered_at
    from steps
    inner join touched
        on steps.session_id = touched.session_id and steps.{{ column }} = touched.{{ column }}
    where steps.event_type = 'product_added' and steps.occurred_at >= touched.viewed_at
    group by steps.session_id, steps.{{ column }}

),

checked_out as (

    select
        added.session_id,
        added.{{ column }},
        bool_or(checkouts.occurred_at <= added.last_ordered_at) as is_bought
    from added
    inner join checkouts
        on added.session_id = checkouts.session_id and checkouts.occurred_at >= added.added_at
    group by added.session_id, added.{{ column }}

)

select
    -- ids
    touched.{{ column }},

    -- numbers
    count(*) as sessions,
    count(touched.viewed_at) as viewed,
    count(case when touched.last_added_at >= touched.viewed_at then 1 end) as added_to_cart,
    count(checked_out.session_id) as began_checkout,
    count(case when checked_out.is_bought then 1 end) as purchased,
    count(touched.last_ordered_at) as converted_sessions,

    -- dates
    touched.session_date
from touched
left join checked_out
    on
        touched.session_id = checked_out.session_id
        and touched.{{ column }} = checked_out.{{ column }}
group by touched.{{ column }}, touched.session_date
{%- endmacro %}
