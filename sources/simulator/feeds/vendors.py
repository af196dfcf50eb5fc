"""The vendors feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import NOWHERE, at_places, before, latest, only, pick, word_at
from sources.simulator.chance import stream
from sources.simulator.world.calendar import Calendar, instants
from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.names import email_addresses, legal_forms, phone_numbers, places
from sources.simulator.world.vendor_courses import CLOSE_REASONS
from sources.simulator.world.vendor_laws import FAILING
from sources.simulator.world.vendors import LEGAL_ENTITY, LEVELS

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.vendors import Vendors

SUSPENDED = 0.5  # share of the vendors that fail


FIRST_VENDOR = 3_000_000_019  # homes from here on are vendors'


def endings(
    vendors: Vendors, calendar: Calendar, second: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """When each vendor closes, and when it is suspended: some that fail, on the last evening."""
    closes = vendors.closed_day < calendar.day_count
    day = np.where(closes, vendors.closed_day, 0)
    fails = (vendors.quality.grade[:, -1] == FAILING) & (rng.random(second.size) < SUSPENDED)
    evening = int(calendar.midnight[calendar.day_count]) - 4 * 3_600
    return (
        np.where(closes, instants(calendar, day, second), NEVER),
        np.where(fails & ~closes, evening, NEVER),
    )


def vendor_rows(vendors: Vendors, calendar: Calendar, cutoff: int, seed: int) -> pl.DataFrame:
    """The vendors feed as known before the cutoff."""
    rng = stream(seed, 13)
    count = len(vendors.ids)
    numbers = np.arange(1, count + 1)
    second = rng.integers(8 * 3600, 17 * 3600, count)
    joined = instants(calendar, vendors.joined_day, second)
    closed, suspended_at = endings(vendors, calendar, second, rng)
    is_closed = closed < cutoff
    legal = vendors.names + " " + legal_forms(numbers, vendors.country)
    # A vendor of another's company signs with that company's name.
    company = legal.gather(np.where(vendors.parent == NOWHERE, numbers - 1, vendors.parent))
    suspended = suspended_at < cutoff
    status = np.where(is_closed, "closed", np.where(suspended, "suspended", "active"))
    reason = np.where(is_closed, vendors.close_reason, NOWHERE)
    frame = pl.DataFrame(
        {
            "vendor_id": vendors.ids,
            "name": vendors.names,
            "legal_name": company,
            "vendor_type": pick(("both", "b2c", "b2b"), vendors.sells_to),
            "level": pick(LEVELS, vendors.level),
            "parent_vendor_id": at_places(vendors.ids, vendors.parent),
            "legal_entity": company,
            "brand": only(vendors.names, vendors.level != LEGAL_ENTITY),
            "status": status,
            "email": email_addresses(vendors.names, numbers),
            "phone": phone_numbers(count, rng),
            "language_code": pick(tuple(c.language for c in COUNTRIES), vendors.country),
            "cut_off_time": pl.Series(vendors.cut_off // 3_600).cast(pl.String) + ":00",
            "close_reason": word_at(CLOSE_REASONS, reason),
            "closed_at": before(closed, cutoff),
            "joined_at": joined,
            "updated_at": latest(cutoff, joined, closed, suspended_at),
        }
    )
    where = places(vendors.country, numbers + FIRST_VENDOR)
    return pl.concat([frame, where], how="horizontal").filter(pl.Series(joined < cutoff))
