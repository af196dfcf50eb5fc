-- one amount, five ways to it: a fan-out or a lost row anywhere shows as a difference
with totals as (

    select
        'lines' as counted_by,
        sum(gmv) as gmv,
        sum(gmv_net) as gmv_net
    from {{ ref('fct_order_lines') }}
    union all
    select
        'orders' as counted_by,
        sum(gmv) as gmv,
        sum(gmv_net) as gmv_net
    from {{ ref('fct_orders') }}
    union all
    select
        'days' as counted_by,
        sum(gmv) as gmv,
        sum(gmv_net) as gmv_net
    from {{ ref('mart_marketplace_daily') }}
    union all
    select
        'vendor days' as counted_by,
        sum(gmv) as gmv,
        sum(gmv_net) as gmv_net
    from {{ ref('mart_vendor_daily') }}
    union all
    select
        'vendor summaries' as counted_by,
        sum(gmv) as gmv,
        sum(gmv_net) as gmv_net
    from {{ ref('mart_vendor_summary') }}
    where window_id = 'all_time'

)

select
    min(gmv) as lowest_gmv,
    max(gmv) as highest_gmv,
    min(gmv_net) as lowest_gmv_net,
    max(gmv_net) as highest_gmv_net
from totals
having min(gmv) <> max(gmv) or min(gmv_net) <> max(gmv_net)
