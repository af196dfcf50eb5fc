-- audience: operator
select listed_on
from marts.mart_win_back
order by listed_on asc
limit 1
