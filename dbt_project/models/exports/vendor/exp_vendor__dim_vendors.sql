{{ config(materialized='view') }}

select
    -- ids
    vendor_id,

    -- text
    vendor_name,
    vendor_type,
    status,
    -- some vendors enter their e-mail address as their town
    case when city not like '%@%' then city end as city,
    region,
    country_code,
    category_name,

    -- dates
    first_order_date,
    last_order_date,
    as_of_date
from {{ ref('dim_vendors') }}
