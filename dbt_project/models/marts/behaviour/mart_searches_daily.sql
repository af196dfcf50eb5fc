{{ config(materialized='incremental', partition_by=['session_date']) }}

with sessions as (

    select * from {{ ref('fct_sessions') }}
    where session_kind = 'human' and {{ is_stale('session_date') }}

),

steps as (

    select * from {{ ref('int_session_steps') }}
    where {{ is_stale('session_date') }}

)

select
    -- text
    steps.search_term,

    -- numbers
    count(*) as searches,
    count(case when steps.result_count = 0 then 1 end) as zero_result_searches,
    count(distinct steps.session_id) as sessions,
    count(distinct case when sessions.purchased then steps.session_id end) as converted_sessions,

    -- dates
    steps.session_date,
    {{ as_of_date() }} as as_of_date
from steps
inner join sessions
    on steps.session_id = sessions.session_id
where
    steps.event_type = 'products_searched' and steps.item_number = 0
    and steps.search_term is not null
group by steps.search_term, steps.session_date
