-- audience: operator
select
    count(*) as customer_count,
    count(case when rfm_segment <> 'unscored' then 1 end) as scored_count,
    count(case when lifecycle_stage = 'prospect' then 1 end) as prospect_count,
    sum(case when frequency = 1 then 1.0 else 0 end)
    / sum(case when frequency > 0 then 1.0 else 0 end) as bought_once_share,
    count(distinct f_score) as frequency_score_count,
    sum(monetary) as net_sales
from marts.mart_customer_segments
