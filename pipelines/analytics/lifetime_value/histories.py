"""Purchase histories as counts: how many customers share each frequency, recency and age."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]

KEY = ("frequency", "recency", "age")


class InvalidHistoriesError(ValueError):
    """The frame does not hold purchase histories; the text says which row and why."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Distinct histories and how many customers have each.

    The likelihood needs no more than that (Fader and Hardie, "Implementing the BG/NBD Model for
    Customer Base Analysis in Excel", 2005, note it for x, t_x and T), so a million customers cost
    what their distinct histories cost. `orders` are the distinct frequencies, `order_place` says
    which of them each history has: gamma functions depend on nothing else.
    """

    frequency: Numbers
    recency: Numbers
    age: Numbers
    customers: Numbers
    orders: Numbers
    order_place: Places

    @property
    def customer_count(self) -> float:
        """How many customers there are in all."""
        return float(self.customers.sum())

    def by_order(self, per_history: Numbers) -> Numbers:
        """Sums over the histories of each distinct frequency."""
        sums: Numbers = np.bincount(self.order_place, per_history, self.orders.size).astype(float)
        return sums


def checked(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with frequency, recency and age as numbers.

    Raises:
        InvalidHistoriesError: a column is missing, a value is missing or not finite, a frequency is
            negative or not whole, a recency is negative or beyond the age, or somebody without a
            repeat order has a recency.
    """
    missing = [name for name in KEY if name not in frame.columns]
    if missing:
        raise InvalidHistoriesError(f"The frame has no column {', '.join(missing)}.")
    numbers = frame.with_columns(pl.col(*KEY).cast(pl.Float64))
    frequency, recency, age = (pl.col(name) for name in KEY)
    rules = {
        "a value is missing or not finite": ~pl.all_horizontal(
            pl.col(name).is_not_null() & pl.col(name).is_finite() for name in KEY
        ),
        "the frequency is no count of repeat orders": (frequency < 0)
        | (frequency != frequency.floor()),
        "the age is not positive": age <= 0,
        "the recency lies outside 0 to age": (recency < 0) | (recency > age),
        "there is a recency without a repeat order": (frequency == 0) & (recency != 0),
    }
    for sentence, is_wrong in rules.items():
        wrong = numbers.with_row_index("row").filter(is_wrong)
        if wrong.height:
            raise InvalidHistoriesError(
                f"Row {wrong['row'][0]}: {sentence} ({wrong.height} rows in all)."
            )
    return numbers


def distinct(frame: pl.DataFrame) -> pl.DataFrame:
    """The distinct histories of a checked frame in ascending order, with their customers."""
    return frame.group_by(KEY).agg(pl.len().cast(pl.Float64).alias("customers")).sort(KEY)


def histories_of(counted: pl.DataFrame) -> Histories:
    """The arrays of what `distinct` returns."""
    frequency, recency, age, customers = (counted[name].to_numpy() for name in (*KEY, "customers"))
    orders, place = np.unique(frequency, return_inverse=True)
    return Histories(frequency, recency, age, customers, orders, place)
