{{ config(materialized='incremental', partition_by=['session_date']) }}

with funnel as (

    {{ funnel_by('category_id') }}

)

select
    -- ids
    category_id,

    -- numbers
    sessions,
    viewed,
    added_to_cart,
    began_checkout,
    purchased,
    converted_sessions,

    -- dates
    session_date,
    {{ as_of_date() }} as as_of_date
from funnel
