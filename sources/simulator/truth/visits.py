"""What visits truly came to by day, device and origin, and what searches asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, at_places, pick
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.tracking.carts import named_carts
from sources.simulator.tracking.searches import UNSERVED_SHARES, all_terms
from sources.simulator.tracking.visitors import visitor_ids
from sources.simulator.tracking.visits import MEDIUMS, SOURCES
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.visit_laws import APPROVAL, ASSIST, BOT, DEVICES, GRANT, ORDER, ORIGINS

if TYPE_CHECKING:
    from sources.simulator.orders.placed import Placed
    from sources.simulator.tracking.visits import Visits
    from sources.simulator.world.world import World

BOUGHT, ABANDONED, OPEN = range(3)
OUTCOMES = ("bought", "abandoned", "open")  # open: an approval is awaited, or the order is to come
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


class CartBook:
    """Carts that somebody was reminded of: what became of them is known at the end."""

    def __init__(self) -> None:
        self._watched: list[pl.Series] = [pl.Series(dtype=pl.String)]
        self._left: list[pl.DataFrame] = []
        self._bought: list[pl.DataFrame] = []

    def watch(self, cart_ids: pl.Series) -> None:
        """Keeps carts of the next rows until the end."""
        self._watched.append(cart_ids)

    def settled(self, rows: pl.DataFrame, placed: Placed) -> pl.DataFrame:
        """The rows of a piece that nothing is to be added to; it keeps the others."""
        late = named_carts(placed.left_cart[placed.left_cart != NOWHERE])
        is_late = pl.col("cart_id").is_in(late.implode())
        is_watched = pl.col("cart_id").is_in(pl.concat(self._watched).implode())
        self._bought.append(rows.filter(is_late))
        self._left.append(rows.filter(is_watched, ~is_late))
        self._watched.clear()
        self._watched.append(pl.Series(dtype=pl.String))
        return rows.filter(~is_late, ~is_watched)

    def rows(self) -> pl.DataFrame:
        """The carts that somebody was reminded of, and what became of them."""
        later = pl.concat(self._bought).select(
            "cart_id", late_outcome="outcome", late_id="order_id", late_count="visit_count"
        )
        both = pl.concat(self._left).join(later, on="cart_id", how="left", maintain_order="left")
        columns = pl.concat(self._left).columns
        return both.with_columns(
            outcome=pl.coalesce("late_outcome", "outcome"),
            order_id=pl.coalesce("late_id", "order_id"),
            visit_count=pl.col("visit_count") + pl.col("late_count").fill_null(0),
        ).select(columns)


def cart_rows(world: World, known: Known, visits: Visits) -> pl.DataFrame:
    """Every cart: who truly filled it first, what became of it, and how far an abandoned one got.

    An abandoned one is never bought; a later visit may open it again.
    """
    with_cart = np.flatnonzero((visits.cart != NOWHERE) & (visits.at < world.cutoff))
    in_time = with_cart[np.lexsort((visits.at[with_cart], visits.cart[with_cart]))]
    cart, first, size = np.unique(visits.cart[in_time], return_index=True, return_counts=True)
    opener = in_time[first]

    turn = np.repeat(np.arange(cart.size), size)
    kind = visits.kind[in_time]
    is_bought = np.bincount(turn, kind == ORDER, cart.size) > 0
    leads = np.bincount(turn, np.isin(kind, (APPROVAL, GRANT, ASSIST)), cart.size) > 0
    outcome = np.where(is_bought, BOUGHT, np.where(leads, OPEN, ABANDONED))
    order = np.where(is_bought, visits.order[opener], NOWHERE)
    who = visits.who[opener]
    people = np.where(who == NOWHERE, NOWHERE, np.arange(who.size))
    return pl.DataFrame(
        {
            "cart_id": named_carts(cart),
            "visitor_id": visitor_ids(visits.visitor[opener]),
            "customer_id": at_places(customer_ids(np.maximum(who, 0)), people),
            "outcome": pick(OUTCOMES, outcome),
            "order_id": at_places(order_ids(known.placed.number), order),
            "visit_count": size,
            "checkout_steps": visits.depth[opener],
            "filled_at": (pl.Series(visits.at[opener]) * 1000).cast(pl.Datetime("ms")),
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
