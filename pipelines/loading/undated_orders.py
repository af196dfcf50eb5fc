"""Orders whose time to hand over is ours: it may change, or pass, without any of their rows."""

from collections.abc import Sequence
from datetime import date

import duckdb

from sources.sql import scalar

# Of lines that state no time themselves: no vendor is given longer than this, in days.
_LONGEST = 120
_UNDATED = "raw.order_lines_current where ship_by_at is null"
# A vendor that the line does not name may be that of its order or product.
_CONCERNED = f"""
insert into stale_orders
select * from raw.orders
where order_id in (
    select order_id from {_UNDATED} and (
        offer_id in (select offer_id from stale_offers)
        or vendor_id in (select vendor_id from stale_vendors)
        or (vendor_id is null and exists (select 1 from stale_vendors))
    )
) or (
    order_id in (select order_id from {_UNDATED})
    and exists (
        select 1 from stale_calendar
        where year(calendar_date) between year(ordered_at) and year(ordered_at) + 1
    )
)
"""
_WAITING = f"""
insert into stale_orders
select * from raw.orders
where order_id in (select order_id from {_UNDATED})
and (
    ordered_at between cast(? as date) - {_LONGEST} and cast(? as date) + 1
    -- nothing is calculated as long as the marketplace tells of no parcel at all
    or not exists (
        select 1 from raw.shipments_current where shipped_at is not null and _sequence <= ?
    )
)
"""

_IS_CALCULATED = f"""
select exists (select 1 from {_UNDATED})
and exists (select 1 from raw.shipments where shipped_at is not null)
"""


def add_undated_orders(
    connection: duckdb.DuckDBPyConnection, sequence: int, passed: Sequence[tuple[date, date]]
) -> None:
    """Adds to the temporary table stale_orders those with lines for which a time is calculated.

    Args:
        connection: with stale_vendors, stale_offers and stale_calendar as they were collected.
        sequence: the last load that the last whole build has seen.
        passed: the spans of days that count now and did not, or reverse.
    """
    if not scalar(connection, _IS_CALCULATED):
        return
    connection.execute(_CONCERNED)
    days = [day for span in passed for day in span]
    # without a day that passed an empty span
    first, last = (min(days), max(days)) if days else (date.max, date.min)
    connection.execute(_WAITING, [first, last, sequence])
