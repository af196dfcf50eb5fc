{{ config(materialized='incremental', partition_by=['order_date']) }}

select
    -- ids
    vendor_id,

    -- text
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    count(distinct order_id) as order_count,
    count(distinct case when is_in_gmv_net and gmv_net is not null then order_id end)
        as standing_order_count,
    count(*) as line_count,
    {{ units('sum(quantity)') }} as unit_count,
    count(distinct case when is_cancelled then order_id end) as cancelled_order_count,
    {{ money('coalesce(sum(gmv), 0)') }} as gmv,
    {{ money('coalesce(sum(gmv_net), 0)') }} as gmv_net,
    {{ money('coalesce(sum(shipping_amount), 0)') }} as shipping_amount,
    {{ money('sum(commission_amount)') }} as commission_amount,

    -- dates
    order_date,
    {{ as_of_date() }} as as_of_date
from {{ ref('fct_order_lines') }}
where {{ is_stale('order_date') }}
group by vendor_id, order_date
