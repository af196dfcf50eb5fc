-- audience: operator
select
    reason_code,
    count(*) as listed,
    sum(case when outcome = 'open' then 1 else 0 end) as open_count,
    sum(case when outcome = 'was_not_silent' then 1 else 0 end) as mistaken_count,
    sum(case when is_won_back_30d is not null then 1 else 0 end) as known_30d,
    sum(case when is_won_back_30d then 1 else 0 end) as won_back_30d,
    sum(case when is_won_back_60d is not null then 1 else 0 end) as known_60d,
    sum(case when is_won_back_60d then 1 else 0 end) as won_back_60d,
    sum(case when is_won_back_90d is not null then 1 else 0 end) as known_90d,
    sum(case when is_won_back_90d then 1 else 0 end) as won_back_90d
from marts.mart_win_back
group by reason_code
order by listed desc, reason_code asc
