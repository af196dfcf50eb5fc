{{ config(materialized='incremental', partition_by=['order_date']) }}

with order_lines as (

    select * from {{ ref('fct_order_lines') }}
    where {{ is_stale('order_date') }}

)

{{ vendor_orders_judged('order_lines', as_of_end_date()) }}
