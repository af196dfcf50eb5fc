"""The inventory feed: how much of each offer lies in stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.chance import stream

if TYPE_CHECKING:
    from sources.simulator.world.world import World

COUNTED_ON = 6  # stock is counted on Sundays: a row for each offer and week, not each day
COUNTED_SECOND = 21 * 3600


def inventory_rows(world: World, month: int) -> pl.DataFrame:
    """The inventory feed of one month's Sundays: stock runs down and is filled up again."""
    offers, vendors, calendar = world.offers, world.vendors, world.calendar
    first, after = calendar.month_days(month)
    days = np.arange(first, after)
    days = days[calendar.weekday[days] == COUNTED_ON]
    day, offer = (
        axis.ravel() for axis in np.meshgrid(days, np.arange(offers.product.size), indexing="ij")
    )
    vendor = offers.vendor[offer]
    is_offered = (offers.listed_day[offer] < day) & (vendors.closed_day[vendor] > day)
    day, offer, vendor = day[is_offered], offer[is_offered], vendor[is_offered]
    rng = stream(world.seed, 59, month)
    capacity = np.rint(8 + 12 * world.products.popularity[offers.product[offer]])
    cycle = 28 + offer % 37
    left = 1 - ((day + offer * 11) % cycle) / cycle
    on_hand = np.rint(capacity * left * rng.gamma(25, 1 / 25, day.size)).astype(np.int64)
    empty = offers.out_of_stock(offer, day)
    on_hand = np.where(empty, 0, np.maximum(on_hand, 1))
    reserved = rng.binomial(on_hand, 0.08)
    counted = calendar.midnight[day] + COUNTED_SECOND
    return pl.DataFrame(
        {
            "offer_id": offers.ids.gather(pl.Series(offer)),
            "location": pl.repeat("main", day.size, eager=True),
            "quantity_on_hand": on_hand,
            "quantity_reserved": reserved,
            "quantity_incoming": np.where(left < 0.3, capacity, 0).astype(np.int64),
            "stock_date": calendar.dates_of(day),
            "updated_at": counted,
        }
    ).filter(pl.Series(counted < world.cutoff))
