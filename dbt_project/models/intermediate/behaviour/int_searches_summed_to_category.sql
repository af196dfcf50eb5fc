{{ config(materialized='table') }}

{# A search belongs to the categories of what was viewed after it in the same visit: it names none
   itself. Bought is what was ordered of the category after the search. #}
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
        product_id,
        category_id,
        event_type,
        occurred_at
    from {{ ref('int_session_steps') }}
    where
        session_date > {{ days_before(as_of_date(), 90) }}
        and event_type in ('products_searched', 'product_viewed', 'order_completed')

),

searches as (

    select
        steps.session_id,
        min(steps.occurred_at) as searched_at
    from steps
    inner join sessions
        on steps.session_id = sessions.session_id
    where steps.event_type = 'products_searched'
    group by steps.session_id

),

products as (

    select
        product_id,
        category_id
    from {{ ref('int_products_named') }}

),

led_to as (

    select
        searches.session_id,
        coalesce(products.category_id, steps.category_id) as category_id,
        max(case when steps.event_type = 'product_viewed' then 1 else 0 end) as is_viewed,
        max(case when steps.event_type = 'order_completed' then 1 else 0 end) as is_ordered
    from searches
    inner join steps
        on
            searches.session_id = steps.session_id
            and searches.searched_at <= steps.occurred_at
    left join products
        on steps.product_id = products.product_id
    where steps.event_type <> 'products_searched'
    group by searches.session_id, coalesce(products.category_id, steps.category_id)

)

select
    -- ids
    category_id,

    -- numbers
    count(*) as searching_sessions,
    count(case when is_ordered = 1 then 1 end) as searching_sessions_with_order
from led_to
where category_id is not null and is_viewed = 1
group by category_id
