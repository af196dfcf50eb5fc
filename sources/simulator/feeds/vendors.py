"""The vendors feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick
from sources.simulator.chance import stream
from sources.simulator.world.calendar import Calendar, instants
from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.names import FORMS, email_addresses, phone_numbers, places
from sources.simulator.world.vendor_laws import FAILING

if TYPE_CHECKING:
    from sources.simulator.world.vendors import Vendors


def vendor_rows(vendors: Vendors, calendar: Calendar, cutoff: int, seed: int) -> pl.DataFrame:
    """The vendors feed as known before the cutoff."""
    rng = stream(seed, 13)
    count = len(vendors.ids)
    numbers = np.arange(1, count + 1)
    second = rng.integers(8 * 3600, 17 * 3600, count)
    joined = instants(calendar, vendors.joined_day, second)
    closed = instants(calendar, np.minimum(vendors.closed_day, calendar.day_count + 1), second)
    is_closed = (vendors.closed_day < calendar.day_count) & (closed < cutoff)
    suspended = (vendors.quality.grade[:, 0] == FAILING) & (rng.random(count) < 0.3)
    legal = vendors.names + " " + pick(FORMS, rng.integers(0, len(FORMS), count))
    status = np.where(is_closed, "closed", np.where(suspended, "suspended", "active"))
    frame = pl.DataFrame(
        {
            "vendor_id": vendors.ids,
            "name": vendors.names,
            "legal_name": legal,
            "vendor_type": pick(("both", "b2c", "b2b"), vendors.sells_to),
            "status": status,
            "email": email_addresses(vendors.names, numbers),
            "phone": phone_numbers(count, rng),
            "joined_at": joined,
            "updated_at": np.where(is_closed, closed, joined),
        }
    )
    where = places(count, rng).with_columns(
        pick(tuple(country.code for country in COUNTRIES), vendors.country).alias("country_code")
    )
    return pl.concat([frame, where], how="horizontal").filter(pl.Series(joined < cutoff))
