{# What visitors searched for last before they came to one of the vendor's products, in the last
   whole quarter. A term counts where at least ten visitors came by it, none of whom made nearly
   all of its sessions; how many of them ordered is said where that is at least ten, and ten did
   not. #}
with sessions as (

    select
        session_id,
        visitor_id
    from {{ ref('fct_sessions') }}
    where
        session_kind = 'human'
        and session_date >= {{ visitors_from() }}
        and session_date < {{ groups_until() }}

),

steps as (

    select
        session_id,
        vendor_id,
        search_term,
        event_type,
        occurred_at
    from {{ ref('int_session_steps') }}
    where
        session_date >= {{ visitors_from() }}
        and session_date < {{ groups_until() }}
        and event_type in ('products_searched', 'product_viewed', 'order_completed')

),

searches as (

    select distinct
        session_id,
        search_term,
        occurred_at
    from steps
    where event_type = 'products_searched' and search_term is not null

),

looks as (

    select
        session_id,
        vendor_id,
        occurred_at
    from steps
    where event_type = 'product_viewed' and vendor_id is not null
    group by session_id, vendor_id, occurred_at

),

led as (

    select
        looks.session_id,
        looks.vendor_id,
        searches.search_term
    from looks
    inner join searches
        on looks.session_id = searches.session_id and looks.occurred_at >= searches.occurred_at
    qualify row_number() over (
        partition by looks.session_id, looks.vendor_id, looks.occurred_at
        order by searches.occurred_at desc nulls last, searches.search_term asc nulls last
    ) = 1

),

ordered as (

    select distinct
        session_id,
        vendor_id
    from steps
    where event_type = 'order_completed' and vendor_id is not null

),

visitors as (

    select
        led.vendor_id,
        led.search_term,
        sessions.visitor_id,
        count(distinct led.session_id) as session_count,
        bool_or(ordered.session_id is not null) as is_converted
    from led
    inner join sessions
        on led.session_id = sessions.session_id
    left join ordered
        on led.session_id = ordered.session_id and led.vendor_id = ordered.vendor_id
    group by led.vendor_id, led.search_term, sessions.visitor_id

),

terms as (

    select
        vendor_id,
        search_term,
        count(*) as people,
        sum(session_count) as session_count,
        max(session_count) as largest_count,
        count(case when is_converted then 1 end) as converted_people
    from visitors
    group by vendor_id, search_term

)

select
    -- ids
    vendor_id,

    -- text
    search_term,

    -- numbers
    {{ in_tens('people') }} as people_in_tens,
    case
        when
            converted_people >= {{ smallest_group() }}
            and people - converted_people >= {{ smallest_group() }}
            then {{ in_tens('converted_people') }}
    end as converted_in_tens,

    -- dates
    {{ visitors_from() }} as window_start,
    {{ groups_until() }} as window_end,
    {{ as_of_date() }} as as_of_date
from terms
where {{ may_be_shown('people', 'session_count', 'largest_count') }}
