"""The last day that counts, decided once per run and passed on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from sources.errors import ConfigurationError, PermanentSourceError
from sources.marketplace import Marketplace
from sources.sql import scalar


def as_of_date(
    connection: duckdb.DuckDBPyConnection,
    marketplace: Marketplace,
    requested: date | None,
    recorded_at: datetime,
) -> date:
    """The requested day, or the marketplace's own: fixed, yesterday, or that of its last order.

    `recorded_at` is UTC; days are those of the marketplace's business time zone.

    Raises:
        PermanentSourceError: the last order decides and there is none.
    """
    if requested is not None:
        return requested
    if isinstance(marketplace.as_of, date):
        return marketplace.as_of
    if marketplace.as_of == "yesterday":
        zone = ZoneInfo(marketplace.time_zone)
        return recorded_at.astimezone(zone).date() - timedelta(days=1)
    found: date | None = scalar(
        connection,
        "select cast(timezone(?, timezone(?, max(ordered_at))) as date) from raw.orders_current",
        [marketplace.time_zone, marketplace.storage_time_zone],
    )
    if found is None:
        raise PermanentSourceError("there is no valid order yet, so there is nothing to publish")
    return found


def requested_day(text: str) -> date | None:
    """The day that somebody wrote; none where nothing is written.

    Raises:
        ConfigurationError: it is no date.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigurationError(
            [f"as_of {text!r} is not a date; write it like 2026-01-31"]
        ) from None
