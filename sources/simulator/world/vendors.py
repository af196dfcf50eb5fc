"""Vendors: what the marketplace knows of them, and their true quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import scrambled
from sources.simulator.chance import stream
from sources.simulator.world.countries import VENDOR_SHARES
from sources.simulator.world.laws import CARRIERS, GRADES
from sources.simulator.world.names import company_names

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.arrays import Floats, Ints
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.sizes import WorldSize

SELLS_TO = ("both", "b2c", "b2b")


@dataclass(frozen=True, slots=True)
class Vendors:
    """Every vendor: what the marketplace knows of it and what only the simulator knows."""

    ids: pl.Series
    names: pl.Series
    weight: Floats  # share of demand by power law
    country: Ints  # place in COUNTRIES
    sells_to: Ints  # place in SELLS_TO
    joined_day: Ints  # negative: before the world began
    closed_day: Ints  # day_count and more: still open
    grade: Ints  # place in GRADES
    ships_late: Floats
    cancels: Floats
    unavailable: Floats
    rating_mean: Floats
    handling_days: Ints
    carrier: Ints


def make_vendors(size: WorldSize, calendar: Calendar, seed: int) -> Vendors:
    """The vendors; the first of each category sell to everybody from the first day to the last."""
    rng = stream(seed, 10)
    count, days = size.vendors, calendar.day_count
    rank = rng.permutation(count) + 1
    grade = rng.choice(len(GRADES), count, p=[law.share for law in GRADES])
    # Every planted grade exists in any world that has room for it, whatever the dice say.
    planted = np.arange(len(GRADES))[: max(0, count - size.categories)]
    grade[count - planted.size :] = planted
    joined = np.where(rng.random(count) < 0.6, -rng.integers(1, 900, count), 0)
    joined = np.where(joined == 0, rng.integers(0, max(1, days * 3 // 4), count), joined)
    closed = np.where(rng.random(count) < 0.06, rng.integers(days // 2, days, count), days + 9999)
    sells_to = rng.choice(3, count, p=[0.5, 0.3, 0.2])
    pillars = np.arange(count) < size.categories
    kept = pillars | (np.arange(count) >= count - planted.size)
    joined = np.where(kept, -400, joined)
    closed = np.where(kept | (closed <= joined + 60), days + 9999, closed)
    wobble = np.exp(rng.normal(0, 0.25, (3, count)))
    laws = {name: np.array([getattr(law, name) for law in GRADES])[grade] for name in QUALITY}
    return Vendors(
        ids=scrambled("V-", np.arange(1, count + 1), 6),
        names=company_names(count, rng),
        weight=1 / rank**0.9,
        country=stream(seed, 14).choice(len(VENDOR_SHARES), count, p=VENDOR_SHARES),
        sells_to=np.where(kept, 0, sells_to),
        joined_day=joined,
        closed_day=closed,
        grade=grade,
        ships_late=np.round(laws["ships_late"] * wobble[0], 4),
        cancels=np.round(laws["cancels"] * wobble[1], 4),
        unavailable=np.round(laws["unavailable"] * wobble[2], 4),
        rating_mean=np.clip(laws["rating_mean"] + rng.normal(0, 0.08, count), 1.0, 5.0),
        handling_days=rng.integers(1, 4, count),
        carrier=rng.choice(len(CARRIERS), count, p=[carrier.share for carrier in CARRIERS]),
    )


QUALITY = ("ships_late", "cancels", "unavailable", "rating_mean")


def stock_out_probability(vendors: Vendors) -> Floats:
    """How often an offer of each vendor is out of stock on a day it is counted."""
    found: Floats = np.round(np.minimum(0.01 + 5 * vendors.unavailable, 0.5), 4).astype(np.float64)
    return found
