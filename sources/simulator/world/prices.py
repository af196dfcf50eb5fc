"""What each offer costs its buyers and its vendor, and since when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sources.simulator.arrays import NEVER, Bools, Floats, Ints
from sources.simulator.chance import stream
from sources.simulator.world.calendar import Calendar, instants
from sources.simulator.world.countries import STOREFRONTS

MOST_CHANGES = 4  # of an offer's price over the world
VENDORS_DIFFER = 0.12  # standard deviation of log prices for one product
PRICE_STEP = (0.01, 0.06)  # mean and standard deviation of a change of log price
COST_STEP = (0.005, 0.02)
# Costs stay below every price that is charged: the deepest promotion takes a quarter.
COST_SHARE = (0.48, 0.64)  # of the first price
MOST_COST_STEP = 0.04
MOST_COST_SHARE = 0.70
CHANGED_SECOND = 12 * 3600


@dataclass(frozen=True, slots=True)
class PriceLists:
    """[offers, prices] in the cents of each offer's storefront, in order of time."""

    begins: Ints  # NEVER behind the last
    cents: Ints
    cost_cents: Ints

    def place(self, offer: Ints, at: Ints) -> Ints:
        """Which price of each offer holds at an instant; the first one before it begins."""
        begun = (self.begins[offer] <= at[..., None]).sum(axis=-1)
        found: Ints = np.maximum(begun - 1, 0).astype(np.int64)
        return found

    def price_at(self, offer: Ints, at: Ints) -> Ints:
        """The cents asked for each offer at an instant."""
        found: Ints = self.cents[offer, self.place(offer, at)]
        return found

    def cost_at(self, offer: Ints, at: Ints) -> Ints:
        """The cents that a unit of each offer costs its vendor at an instant."""
        found: Ints = self.cost_cents[offer, self.place(offer, at)]
        return found


def list_prices(
    base: Floats, listed_day: Ints, storefront: Ints, calendar: Calendar, seed: int
) -> PriceLists:
    """The price lists of offers of products that cost about `base` euros."""
    rng = stream(seed, 58)
    count, days = base.size, calendar.day_count
    level = np.array([shop.price_level for shop in STOREFRONTS])[storefront]
    first = base * level * np.exp(rng.normal(0, VENDORS_DIFFER, count))
    changes = rng.integers(0, MOST_CHANGES + 1, count)
    day = np.sort(rng.integers(0, days, (MOST_CHANGES, count)), axis=0)
    happens: Bools = (np.arange(MOST_CHANGES)[:, None] < changes) & (day > listed_day)
    step = np.where(happens, rng.normal(*PRICE_STEP, (MOST_CHANGES, count)), 0.0)
    cost_step = np.clip(rng.normal(*COST_STEP, (MOST_CHANGES, count)), -1.0, MOST_COST_STEP)
    noon = np.full(count, CHANGED_SECOND)
    begins = [instants(calendar, listed_day, noon - 2 * 3600)]
    for place in range(MOST_CHANGES):
        at = instants(calendar, day[place], noon + place)
        begins.append(np.where(happens[place], at, NEVER))
    asked = [charming(first, storefront)]
    costs = [np.rint(asked[0] * rng.uniform(*COST_SHARE, count))]
    growth = np.cumsum(step, axis=0)
    for place in range(MOST_CHANGES):
        asked.append(charming(first * np.exp(growth[place]), storefront))
        cost = np.floor(costs[-1] * np.exp(cost_step[place] * happens[place]))
        costs.append(np.minimum(cost, np.floor(asked[-1] * MOST_COST_SHARE)))
    # Changes that never happen go behind those that do, so that the last begun is the valid one.
    order = np.argsort(np.stack(begins, axis=1), axis=1, kind="stable")
    columns = (begins, asked, costs)
    sorted_columns = [np.take_along_axis(np.stack(c, axis=1), order, axis=1) for c in columns]
    begun, cents, cost_cents = (column.astype(np.int64) for column in sorted_columns)
    return PriceLists(begun, cents, np.maximum(cost_cents, 1))


def charming(price: Floats, storefront: Ints) -> Ints:
    """Cents as shops write them: 23.49 and 23.99 in euros and zloty, full ten rappen in francs."""
    cents = np.rint(price * 10) * 10
    step = np.where(storefront == 1, 0, 1)
    found: Ints = np.maximum(cents - step, 99).astype(np.int64)
    return found
