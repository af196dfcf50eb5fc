"""The inventory feed: how much of each offer lies in stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import taken
from sources.simulator.chance import hashed

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World

COUNTED_SECOND = 21 * 3600
STOCKED_EUROS = 60.0  # what is cheap is stocked by the hundred: companies buy it so
MOST_STOCKED = 60  # times as many as of what is dear
OUTER_STOCKS = 5  # one stock in so many lies in the vendor's second warehouse
LOCATIONS = ("main", "outer")


def inventory_rows(world: World, month: int) -> pl.DataFrame:
    """The inventory feed of a month: each stock on a day of its own, and as stock-outs turn."""
    offers, vendors, calendar = world.offers, world.vendors, world.calendar
    offer, day = counts(world, month)
    vendor = offers.vendor[offer]
    is_offered = (offers.listed_day[offer] < day) & (vendors.closed_day[vendor] > day)
    offer, day = offer[is_offered], day[is_offered]
    stock = offers.stock[offer]
    product = offers.product[offer]
    step = world.products.step[product]
    by_the = np.clip(STOCKED_EUROS / world.products.price[product], 1, MOST_STOCKED)
    units = (8 + 12 * world.products.popularity[product]) * by_the
    capacity = np.rint(units).astype(np.int64) * 1_000
    cycle = 28 + stock % 37
    left = 1 - ((day + stock * 11) % cycle) / cycle
    on_hand = np.maximum(np.rint(capacity * left / step).astype(np.int64), 1) * step
    on_hand = np.where(offers.out_of_stock(offer, day), 0, on_hand)
    reserved = on_hand * hashed(stock * 4_096 + day, 60, 20) // (100 * step) * step
    return pl.DataFrame(
        {
            "offer_id": taken(offers.ids, offer),
            "location": taken(pl.Series(LOCATIONS), (stock % OUTER_STOCKS) // 4),
            "quantity_on_hand": on_hand,
            "quantity_reserved": reserved,
            "quantity_incoming": np.where(left < 0.3, capacity, 0),
            "stock_date": calendar.dates_of(day),
            "updated_at": calendar.midnight[day] + COUNTED_SECOND,
        }
    ).filter(pl.Series(calendar.midnight[day] + COUNTED_SECOND < world.cutoff))


def counts(world: World, month: int) -> tuple[Ints, Ints]:
    """Offer and day of every count of a month, each pair once."""
    offers, spells, span = world.offers, world.offers.stock_outs, world.calendar.day_count + 1
    first, after = world.calendar.month_days(month)
    everything = np.arange(offers.product.size)
    by_stock = np.argsort(offers.stock, kind="stable")
    keys = [everything * span + first + offers.stock % (after - first)]
    for turn in (spells.first_day, spells.day_after):
        mine = (turn >= first) & (turn < after)
        sorted_stock = offers.stock[by_stock]
        low = np.searchsorted(sorted_stock, spells.stock[mine])
        high = np.searchsorted(sorted_stock, spells.stock[mine], side="right")
        for nth in range(int((high - low).max(initial=0))):
            there = low + nth < high
            keys.append(by_stock[low[there] + nth] * span + turn[mine][there])
    key = np.unique(np.concatenate(keys))
    return key // span, key % span
