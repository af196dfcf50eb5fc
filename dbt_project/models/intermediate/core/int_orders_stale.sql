{{ config(materialized='table') }}

{# What an order's children are restricted by, so that a day's build reads a day's children. #}
select order_id
from {{ ref('stg_shop__orders') }}
where {{ is_stale('order_date') }}
