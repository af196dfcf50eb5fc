"""The vendor documents feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER
from sources.simulator.cells import before, latest, pick, scrambled, taken
from sources.simulator.chance import stream
from sources.simulator.world.calendar import instants

if TYPE_CHECKING:
    from sources.simulator.world.world import World

DOCUMENTS = ("trade_licence", "tax_certificate", "identity", "packaging_register")


def document_rows(world: World) -> pl.DataFrame:
    """The vendor documents feed: four papers from every vendor; some are refused, some run out."""
    vendors, calendar, cutoff = world.vendors, world.calendar, world.cutoff
    count = len(vendors.ids)
    rng = stream(world.seed, 57)
    vendor = np.repeat(np.arange(count), len(DOCUMENTS))
    kind = np.tile(np.arange(len(DOCUMENTS)), count)
    size = vendor.size
    joined = instants(calendar, vendors.joined_day, np.full(count, 8 * 3600))[vendor]
    asked = joined + rng.integers(600, 3_600, size)
    came = asked + rng.integers(3_600, 12 * DAY, size)
    decided = came + rng.integers(3_600, 5 * DAY, size)
    refused = rng.random(size) < 0.05
    until = vendors.joined_day[vendor] + rng.integers(365, 1_500, size)
    hour = np.zeros(size, dtype=np.int64)
    inside = until < calendar.day_count
    expires = np.where(
        inside & ~refused,
        instants(calendar, np.minimum(until + 1, calendar.day_count), hour),
        NEVER,
    )
    status = np.where(came < cutoff, 1, 0)
    status = np.where(decided < cutoff, np.where(refused, 3, 2), status)
    status = np.where((expires < cutoff) & (decided < expires), 4, status)
    return pl.DataFrame(
        {
            "document_id": scrambled("VD-", vendor * 10 + kind + 1, 7),
            "vendor_id": taken(vendors.ids, vendor),
            "document_type": pick(DOCUMENTS, kind),
            "status": pick(("requested", "received", "approved", "refused", "expired"), status),
            "requested_at": asked,
            "received_at": before(came, cutoff),
            "decided_at": before(decided, cutoff),
            "valid_until": calendar.dates_of(until).set(
                pl.Series(refused | (decided >= cutoff)), None
            ),
            "updated_at": latest(cutoff, asked, came, decided, expires),
        }
    ).filter(pl.Series(asked < cutoff))
