"""What visits truly came to by day, device and origin, and what searches asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, pick
from sources.simulator.tracking.searches import UNSERVED_SHARES, all_terms
from sources.simulator.tracking.visits import MEDIUMS, SOURCES
from sources.simulator.world.visit_laws import APPROVAL, BOT, DEVICES, ORDER, ORIGINS

if TYPE_CHECKING:
    from sources.simulator.tracking.visits import Visits
    from sources.simulator.world.world import World

COUNTS = ("visits", "caused_visits", "bounces", "carts", "checkouts", "orders")


class VisitTotals:
    """Counts of people's visits before the cutoff, added up piece by piece."""

    def __init__(self, world: World) -> None:
        self._world = world
        days = world.calendar.day_count
        self._counts = np.zeros((len(COUNTS), days, len(DEVICES), len(ORIGINS)), dtype=np.int64)

    def add(self, visits: Visits) -> None:
        """Counts the visits of a piece."""
        calendar, kind = self._world.calendar, visits.kind
        ordered = kind == ORDER
        does = {
            "visits": kind != BOT,
            "caused_visits": visits.is_caused,
            "bounces": visits.bounces,
            "carts": visits.adds | ordered,
            "checkouts": (visits.depth > 0) | ordered | (kind == APPROVAL),
            "orders": ordered,
        }
        is_past = visits.at < self._world.cutoff
        day = np.clip(calendar.days_of(visits.at), 0, calendar.day_count - 1)
        place = (day * len(DEVICES) + visits.device) * len(ORIGINS) + visits.origin
        for number, name in enumerate(COUNTS):
            found = np.bincount(place[does[name] & is_past], minlength=self._counts[number].size)
            self._counts[number] += found.reshape(self._counts[number].shape)

    def rows(self) -> pl.DataFrame:
        """The counts of every local day, device and origin that had visits."""
        day, device, origin = np.nonzero(self._counts[0])
        return pl.DataFrame(
            {
                "date": self._world.calendar.dates_of(day),
                "device": pick(tuple(law.name for law in DEVICES), device),
                "source": pick(SOURCES, origin),
                "medium": pick(MEDIUMS, origin),
                **{
                    name: counts[day, device, origin]
                    for name, counts in zip(COUNTS, self._counts, strict=True)
                },
            }
        )


def term_rows(world: World) -> pl.DataFrame:
    """Every term: what it asks for, and how often it is among those that nobody serves."""
    terms = all_terms()
    category = terms["category"].to_numpy()
    # Of two categories with one word, the first is meant.
    is_there = category < world.categories.ids.len()
    shares = np.full(terms.height, np.nan)
    unserved = np.flatnonzero((terms["kind"] == "unserved").to_numpy())
    shares[unserved] = np.tile(UNSERVED_SHARES, unserved.size // UNSERVED_SHARES.size)
    return (
        terms.drop("category")
        .with_columns(
            at_places(world.categories.ids, np.where(is_there, category, -1)).alias("category_id"),
            pl.Series("share_of_unserved", shares).fill_nan(None),
        )
        .filter(pl.Series(is_there))
    )
