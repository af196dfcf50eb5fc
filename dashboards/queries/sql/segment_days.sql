-- audience: operator
select distinct valid_from as segment_date
from marts.mart_segment_history
where segment_kind <> 'rule'
order by segment_date desc
