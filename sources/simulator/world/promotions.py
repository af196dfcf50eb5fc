"""Promotions: the marketplace's own on categories, and those that vendors give on their offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, taken
from sources.simulator.chance import stream
from sources.simulator.world.countries import STOREFRONT_OF

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.demand import Demand
    from sources.simulator.world.vendors import Vendors

KINDS = ("percentage", "amount", "free_shipping", "bundle")
PERCENTAGE, AMOUNT, FREE_SHIPPING, BUNDLE = range(4)
NAMES = ("Save now", "Money off", "Free delivery", "Two and more")  # by kind
VENDOR_PROMOTIONS_A_YEAR = 2.0  # of one vendor
SHORTEST, LONGEST = 7, 21  # days of a vendor's promotion
BUNDLE_UNITS = 2
LEAST_GOODS = 5  # an amount is taken off goods worth so many times as much


@dataclass(frozen=True, slots=True)
class Promotions:
    """Every promotion: those of the marketplace by day, then those of vendors by day."""

    ids: pl.Series
    names: pl.Series
    kind: Ints  # place in KINDS
    vendor: Ints  # NOWHERE for the marketplace's
    category: Ints  # NOWHERE for vendors'
    storefront: Ints  # its amounts are in the currency of this one
    discount_points: Ints  # hundredths of a percent, 0 where there is none
    discount_cents: Ints  # 0 where there is none
    budget_cents: Ints
    first_day: Ints
    day_after: Ints
    of_category: Ints  # [categories, days] the marketplace's running promotion, or NOWHERE
    of_vendor: Ints  # [vendors, days] the vendor's running promotion, or NOWHERE

    def given(self, vendor: Ints, storefront: Ints, day: Ints) -> Ints:
        """The promotion that each vendor gives in a storefront on a day, or NOWHERE.

        An amount is taken off only where it is in the storefront's currency.
        """
        place = self.of_vendor[vendor, day]
        if not self.kind.size:
            return place
        is_valid = (self.kind[place] != AMOUNT) | (self.storefront[place] == storefront)
        return np.where(is_valid, place, NOWHERE)


def make_promotions(demand: Demand, vendors: Vendors, calendar: Calendar, seed: int) -> Promotions:
    """The promotions of the demand's plan, and some of each vendor."""
    rng = stream(seed, 102)
    planned = [(action, category) for action in demand.promotions for category in action.categories]
    actions = [action for action, _ in planned]
    days, platform = calendar.day_count, len(planned)
    vendor, first, after = vendor_times(vendors, days, rng)
    kind = np.concatenate(
        [np.zeros(platform, dtype=np.int64), rng.choice(4, vendor.size, p=[0.5, 0.2, 0.15, 0.15])]
    )
    points = np.rint([action.discount_rate * 10_000 for action in actions]).astype(np.int64)
    points = np.concatenate([points, rng.integers(2, 5, vendor.size) * 500])
    home = STOREFRONT_OF[vendors.country[vendor]]
    storefront = np.concatenate([np.zeros(platform, dtype=np.int64), home])
    level = np.array([1, 1, 4])[storefront]  # whole amounts, whatever a currency is worth
    cents = rng.integers(1, 5, kind.size) * 250 * level
    category = np.array([category for _, category in planned], dtype=np.int64)
    begins = np.array([action.first_day for action in actions], dtype=np.int64)
    ends = np.array([action.day_after for action in actions], dtype=np.int64)
    own = taken(pl.Series(NAMES), kind[platform:])
    names = [action.name for action in actions]
    return Promotions(
        ids="PM-" + pl.Series(np.arange(1, kind.size + 1)).cast(pl.String).str.zfill(6),
        names=pl.concat([pl.Series(names, dtype=pl.String), own]),
        kind=kind,
        vendor=np.concatenate([np.full(platform, NOWHERE), vendor]),
        category=np.concatenate([category, np.full(vendor.size, NOWHERE)]),
        storefront=storefront,
        discount_points=np.where(np.isin(kind, (PERCENTAGE, BUNDLE)), points, 0),
        discount_cents=np.where(kind == AMOUNT, cents, 0),
        budget_cents=rng.integers(2, 41, kind.size) * 25_000 * level,
        first_day=np.concatenate([begins, first]),
        day_after=np.concatenate([ends, after]),
        of_category=on_days(demand.season.shape, (category, begins, ends), 0),
        of_vendor=on_days((vendors.weight.size, days), (vendor, first, after), platform),
    )


def on_days(shape: tuple[int, ...], spans: tuple[Ints, Ints, Ints], number: int) -> Ints:
    """[rows, days] the number of the promotion that runs, of spans numbered from `number` on."""
    found = np.full(shape, NOWHERE)
    for place, (row, first, after) in enumerate(zip(*spans, strict=True)):
        found[row, first:after] = number + place
    return found


def vendor_times(vendors: Vendors, days: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Vendor, first day and the day after the last of vendors' promotions; one at a time each."""
    number = rng.poisson(VENDOR_PROMOTIONS_A_YEAR * days / 365, vendors.weight.size)
    vendor = np.repeat(np.arange(number.size), number)
    first = rng.integers(0, days, vendor.size)
    after = np.minimum(first + rng.integers(SHORTEST, LONGEST + 1, vendor.size), days)
    order = np.lexsort((first, vendor))
    vendor, first, after = vendor[order], first[order], after[order]
    follows = np.append(False, (vendor[1:] == vendor[:-1]) & (first[1:] < after[:-1] + LONGEST))
    is_there: Bools = (vendors.joined_day[vendor] < first) & (vendors.closed_day[vendor] > after)
    kept = ~follows & is_there
    return vendor[kept], first[kept], after[kept]
