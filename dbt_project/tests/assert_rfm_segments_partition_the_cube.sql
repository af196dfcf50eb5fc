-- each of the 125 combinations of scores is in exactly one segment's box
with scores as (

    select number_value as score
    from {{ ref('int_numbers_spined') }}
    where number_value between 1 and 5

)

select
    recency.score as r_score,
    frequency.score as f_score,
    monetary.score as m_score,
    count(boxes.rfm_segment) as box_count
from scores as recency
cross join scores as frequency
cross join scores as monetary
left join {{ ref('rfm_segments') }} as boxes
    on
        recency.score between boxes.r_from and boxes.r_to
        and frequency.score between boxes.f_from and boxes.f_to
        and monetary.score between boxes.m_from and boxes.m_to
group by recency.score, frequency.score, monetary.score
having count(boxes.rfm_segment) <> 1
