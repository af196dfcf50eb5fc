{{ config(materialized='table') }}

{# Each vendor's visitors of the last whole quarter, grouped by how the first of their visits to the
   vendor began, so that each is in one group. #}
with visits as (

    select * from {{ ref('int_vendor_visits') }}
    where
        session_date >= {{ visitors_from() }}
        and session_date < {{ groups_until() }}

),

visitors as (

    select
        vendor_id,
        visitor_id,
        channel,
        landing_page,
        count(*) over (partition by vendor_id, visitor_id) as session_count
    from visits
    qualify row_number() over (
        partition by vendor_id, visitor_id
        order by started_at asc nulls last, session_id asc nulls last
    ) = 1

),

grouped as (

    select
        vendor_id,
        session_count,
        'visitors' as group_kind,
        'all' as group_id
    from visitors
    union all
    select
        vendor_id,
        session_count,
        'channel' as group_kind,
        coalesce(channel, 'other') as group_id
    from visitors
    union all
    select
        vendor_id,
        session_count,
        'landing_page' as group_kind,
        coalesce(landing_page, 'unknown') as group_id
    from visitors

)

select
    -- ids
    vendor_id,
    group_id,

    -- text
    group_kind,

    -- numbers
    count(*) as people,
    cast(sum(session_count) as decimal(18, 2)) as amount,
    cast(max(session_count) as decimal(18, 2)) as largest_amount
from grouped
group by vendor_id, group_kind, group_id
