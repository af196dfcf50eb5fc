-- audience: operator
select
    count(*) as customer_count,
    count(*) filter (where rfm_segment <> 'unscored') as scored_count,
    count(*) filter (where lifecycle_stage = 'prospect') as prospect_count,
    count(*) filter (where frequency = 1) as bought_once_count,
    count(distinct f_score) as frequency_score_count,
    sum(monetary) as net_sales
from marts.mart_customer_segments
