{{ config(materialized='view', meta={'shared': true}) }}

select
    -- ids
    window_id,

    -- numbers
    window_days,

    -- dates
    as_of_date
from {{ ref('mart_trailing_windows') }}
