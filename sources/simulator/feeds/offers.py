"""The offers feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.cells import latest, pick, scrambled
from sources.simulator.world.calendar import instants
from sources.simulator.world.laws import CURRENCY_CODE
from sources.simulator.world.prices import price_changes

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def offer_ids(product: Ints) -> pl.Series:
    return scrambled("OF-", product + 1, 7)


def offer_rows(world: World) -> pl.DataFrame:
    """The offers feed: every product is offered by its vendor, at today's price."""
    products, vendors, calendar = world.products, world.vendors, world.calendar
    cutoff, count = world.cutoff, products.price.size
    begins, cents = price_changes(world)
    begun = begins < cutoff
    # Prices that never begin lie between; the last one that did counts.
    last = begins.shape[1] - 1 - np.argmax(begun[:, ::-1], axis=1)
    price = cents[np.arange(count), last]
    noon = np.full(count, 12 * 3600)
    created = begins[:, 0]
    closed_day = np.minimum(vendors.closed_day[products.vendor], calendar.day_count + 1)
    closes = vendors.closed_day[products.vendor] < calendar.day_count
    closed = np.where(closes, instants(calendar, closed_day, noon), NEVER)
    place = np.arange(count)
    return pl.DataFrame(
        {
            "offer_id": offer_ids(place),
            "vendor_id": vendors.ids.gather(pl.Series(products.vendor)),
            "product_id": products.ids,
            "status": pick(("active", "closed"), (closed < cutoff).astype(np.int64)),
            "condition": pick(("new",) * 19 + ("refurbished",), place * 7),
            "currency_code": pl.repeat(CURRENCY_CODE, count, eager=True),
            "unit_price": price,
            "list_price": price + price * (place % 4) // 20,
            "minimum_quantity": np.where(vendors.sells_to[products.vendor] == 2, 5, 1),
            "lead_time_days": vendors.handling_days[products.vendor],
            "created_at": created,
            "updated_at": latest(cutoff, *begins.T, closed),
        }
    ).filter(pl.Series(created < cutoff))
