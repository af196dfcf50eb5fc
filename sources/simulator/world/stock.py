"""When offers are out of stock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints

SHORTEST, LONGEST = 7, 28  # days until the next delivery; spells that touch count as one


@dataclass(frozen=True, slots=True)
class StockOuts:
    """Stock-outs in order of stock and day; a vendor has one stock of a product."""

    stock: Ints
    first_day: Ints
    day_after: Ints
    span: int  # more than any day

    def is_out(self, stock: Ints, day: Ints) -> Bools:
        """Whether each stock is empty all through a day."""
        key = self.stock * self.span + self.first_day
        place = np.searchsorted(key, stock * self.span + day, side="right") - 1
        if not key.size:
            return np.zeros(place.shape, dtype=np.bool_)
        found: Bools = (place >= 0) & (self.stock[place] == stock) & (day < self.day_after[place])
        return found


def plan_stock_outs(probability: Floats, days: int, rng: np.random.Generator) -> StockOuts:
    """Stock-outs that cover each stock's probability of all days.

    Spells that begin by chance and may overlap leave a day uncovered with the probability
    exp(-rate * mean length) (Hall, Introduction to the Theory of Coverage Processes, 1988).
    """
    mean = (SHORTEST + LONGEST) / 2
    before = LONGEST  # a spell may have begun before the first day
    number = rng.poisson(-np.log1p(-probability) / mean * (days + before))
    stock = np.repeat(np.arange(probability.size), number)
    first = rng.integers(-before, days, stock.size)
    after = np.minimum(first + rng.integers(SHORTEST, LONGEST + 1, stock.size), days)
    first = np.maximum(first, 0)
    kept = after > first
    stock, first, after = stock[kept], first[kept], after[kept]
    order = np.lexsort((first, stock))
    stock, first, after = stock[order], first[order], after[order]
    # Spells that touch are one; days count on over the stocks, so one running maximum will do.
    span = days + 1
    begin, end = stock * span + first, stock * span + after
    reached = np.maximum.accumulate(end)
    fresh = np.append(True, begin[1:] > reached[:-1]) if stock.size else kept[:0]
    starts = np.flatnonzero(fresh)
    ends = np.append(starts[1:], stock.size)[: starts.size] - 1
    return StockOuts(stock[starts], first[starts], reached[ends] - stock[starts] * span, span)
