with vendors as (

    select * from {{ ref('dim_vendors') }}

),

quarters as (

    select *
    from {{ ref('mart_vendor_summary') }}
    where window_id = 'last_90_days'

),

judged as (

    select
        vendor_id,
        count(case when state = 'act' then 1 end) as act_metric_count,
        count(case when state = 'watch' then 1 end) as watch_metric_count
    from {{ ref('mart_vendor_scorecard') }}
    -- the score is made of the others
    where is_current and is_judged and unit <> 'points'
    group by vendor_id

)

select
    -- ids
    vendors.vendor_id,
    vendors.category_id,

    -- text
    vendors.vendor_type,
    vendors.status,
    vendors.region,
    vendors.country_code,
    quarters.worst_state,

    -- numbers
    coalesce(judged.act_metric_count, 0) as act_metric_count,
    coalesce(judged.watch_metric_count, 0) as watch_metric_count,
    quarters.order_count as order_count_90d,
    quarters.gmv_net as gmv_net_90d,
    quarters.gmv as gmv_90d,
    quarters.previous_gmv as gmv_before_90d,
    {{ ratio('quarters.gmv - quarters.previous_gmv', 'quarters.previous_gmv') }} as gmv_change_90d,
    quarters.review_score as review_score_90d,

    -- dates
    vendors.joined_date,
    vendors.first_order_date,
    vendors.last_order_date,
    {{ as_of_date() }} as as_of_date
from vendors
left join quarters
    on vendors.vendor_id = quarters.vendor_id
left join judged
    on vendors.vendor_id = judged.vendor_id
