with visitors as (

    select * from {{ ref('int_visitors_linked') }}

)

select
    -- ids
    visitor_id,
    customer_id,

    -- text
    link_reason,

    -- numbers
    link_confidence,
    session_count,
    known_session_count,
    customer_count,

    -- dates
    first_session_date,
    last_session_date,
    {{ as_of_date() }} as as_of_date
from visitors
