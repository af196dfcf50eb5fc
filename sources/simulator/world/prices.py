"""When an offer's price changes, and to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.chance import stream
from sources.simulator.world.calendar import instants

if TYPE_CHECKING:
    from sources.simulator.world.world import World

MOST_CHANGES = 4  # of an offer's price over the world


def price_changes(world: World) -> tuple[Ints, Ints]:
    """[offers, changes] when each price begins (NEVER: not at all) and what it is, in cents."""
    rng = stream(world.seed, 58)
    products, calendar = world.products, world.calendar
    count, days = products.price.size, calendar.day_count
    noon = np.full(count, 12 * 3600)
    begins = [instants(calendar, products.created_day, noon - 2 * 3600)]
    cents = [np.rint(products.price * 100).astype(np.int64)]
    changes = rng.integers(0, MOST_CHANGES + 1, count)
    day = np.sort(rng.integers(0, days, (MOST_CHANGES, count)), axis=0)
    factor = np.exp(rng.normal(0.01, 0.06, (MOST_CHANGES, count)))
    for place in range(MOST_CHANGES):
        at = instants(calendar, day[place], noon + place)
        happens = (place < changes) & (day[place] > products.created_day)
        begins.append(np.where(happens, at, NEVER))
        cents.append(np.maximum(np.rint(cents[-1] * factor[place]), 1).astype(np.int64))
    return np.stack(begins, axis=1), np.stack(cents, axis=1)
