-- audience: operator
select distinct feed
from marts.mart_quarantine
order by feed
