{# Who came on a stale day, or had come when it was last built, is linked anew from all visits. #}
{{ config(
    materialized='incremental',
    partition_by=['last_session_date'],
    incremental_predicates=[
        "visitor_id in (select visitor_id from raw.stale_visitors)",
        "visitor_id in (select visitor_id from marts.fct_sessions where session_date in (select stale_date from raw.stale_session_days))",
    ]
) }}

with sessions as (

    select * from {{ ref('fct_sessions') }}
    where session_kind = 'human' and {{ is_of_stale_visitor('visitor_id') }}

),

visitors as (

    select
        visitor_id,
        count(*) as session_count,
        count(customer_id) as known_session_count,
        count(distinct customer_id) as customer_count,
        bool_or(is_shared) as is_shared,
        min(session_date) as first_session_date,
        max(session_date) as last_session_date
    from sessions
    group by visitor_id

),

separated as (

    select * from {{ ref('int_visitor_links_separated') }}

),

-- who signed in most often, of several the latest; nobody from whom an operator separated it
links as (

    select
        sessions.visitor_id,
        sessions.customer_id,
        count(*) as link_session_count,
        bool_or(sessions.purchased) as has_ordered
    from sessions
    left join separated
        on
            sessions.visitor_id = separated.visitor_id
            and sessions.customer_id = separated.customer_id
    where sessions.customer_id is not null and separated.customer_id is null
    group by sessions.visitor_id, sessions.customer_id
    qualify row_number() over (
        partition by sessions.visitor_id
        order by
            count(*) desc nulls last,
            max(sessions.started_at) desc nulls last,
            sessions.customer_id asc nulls last
    ) = 1

)

select
    -- ids
    visitors.visitor_id,
    links.customer_id,

    -- text
    case
        when links.customer_id is null and visitors.customer_count > 0 then 'separated'
        when links.customer_id is null then 'unknown'
        when visitors.customer_count > 1 or visitors.is_shared then 'signed_in_among_others'
        when links.has_ordered then 'ordered'
        else 'signed_in'
    end as link_reason,

    -- numbers
    -- five sessions' worth of what is usual, that a browser has one user, and what was seen
    cast(links.link_session_count + 4.75 as double)
    / nullif(cast(visitors.known_session_count + 5 as double), 0) as link_confidence,
    visitors.session_count,
    visitors.known_session_count,
    visitors.customer_count,

    -- dates
    visitors.first_session_date,
    visitors.last_session_date
from visitors
left join links
    on visitors.visitor_id = links.visitor_id
