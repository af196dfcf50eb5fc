"""Who is listed to be won back: once for each silence, and kept as it was listed.

`raw.win_back_listings` only grows. What came of a listing is found by later runs
(mart_win_back); what was known when it was made stays as it was.
"""

from datetime import date
from typing import Final

import duckdb

_LISTED: Final = """
insert into raw.win_back_listings by name
select
    customer_id, silent_since, $day as listed_on, reason_code, contact_channel, silence_days,
    limit_days, historic_value, is_lost_order, is_late_delivery, is_unanswered_message,
    is_price_rise, is_ticket
from intermediate.int_win_back_candidates
where (customer_id, silent_since) not in (
    select (customer_id, silent_since) from raw.win_back_listings
)
order by customer_id
"""


def record_listings(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Appends the candidates whose silence is not listed yet; returns how many there are."""
    row = connection.execute(_LISTED, {"day": as_of}).fetchone()
    return int(row[0]) if row else 0
