"""The offers feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import latest, pick, taken
from sources.simulator.world.calendar import instants
from sources.simulator.world.countries import CURRENCY_CODES

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def offer_rows(world: World) -> pl.DataFrame:
    """The offers feed: who offers each product in which storefront, at today's price."""
    offers, vendors, calendar = world.offers, world.vendors, world.calendar
    cutoff, place = world.cutoff, np.arange(world.offers.product.size)
    price = offers.price_at(place, np.full(place.size, cutoff - 1))
    created = offers.prices.begins[:, 0]
    closed_day = np.minimum(vendors.closed_day[offers.vendor], calendar.day_count + 1)
    closes = vendors.closed_day[offers.vendor] < calendar.day_count
    noon = np.full(place.size, 12 * 3600)
    closed = np.where(closes, instants(calendar, closed_day, noon), NEVER)
    return pl.DataFrame(
        {
            "offer_id": offers.ids,
            "vendor_id": taken(vendors.ids, offers.vendor),
            "product_id": taken(world.products.ids, offers.product),
            "status": pick(("active", "closed"), (closed < cutoff).astype(np.int64)),
            "condition": pick(("new",) * 19 + ("refurbished",), offers.stock * 7),
            "currency_code": pick(CURRENCY_CODES, offers.storefront),
            "unit_price": price,
            "list_price": price + price * (place % 4) // 20,
            "minimum_quantity": world.products.least_thousandths[offers.product],
            "lead_time_days": vendors.handling_days[offers.vendor],
            "created_at": created,
            "updated_at": latest(cutoff, *offers.prices.begins.T, closed),
        }
    ).filter(pl.Series(created < cutoff))
