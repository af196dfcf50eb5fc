"""Purchase histories as counts: how many customers share each frequency, recency and age."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]
_Number = TypeVar("_Number", np.float64, np.intp)

KEY = ("frequency", "recency", "age")
SPENT = "monetary"
# Fits the processor's cache; one of all histories does not, and sorting them is faster.
_TABLE: Final = 65_536


class InvalidHistoriesError(ValueError):
    """The frame does not hold purchase histories; the text says which row and why."""


@dataclass(frozen=True)
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
    def size(self) -> int:
        """How many histories there are."""
        return self.frequency.size

    @property
    def customer_count(self) -> float:
        """How many customers there are in all."""
        return float(self.customers.sum())

    @cached_property
    def by_age(self) -> tuple["Histories", Places]:
        """The distinct pairs of frequency and age, and which of them each history has.

        What is expected of those who are still customers depends on nothing else.
        """
        ages, age_place = np.unique(self.age, return_inverse=True)
        code, place = np.unique(self.order_place * ages.size + age_place, return_inverse=True)
        order_place, age_place = np.divmod(code, ages.size)
        age = ages[age_place]
        pairs = Histories(self.orders[order_place], 0 * age, age, 0 * age, self.orders, order_place)
        return pairs, place

    def at(self, places: Places | slice) -> "Histories":
        """Some of the histories, with the frequencies that they have."""
        order_place = self.order_place[places]
        first, last = order_place.min(initial=self.orders.size), order_place.max(initial=-1)
        return Histories(
            self.frequency[places],
            self.recency[places],
            self.age[places],
            self.customers[places],
            self.orders[first : last + 1],
            order_place - first,
        )

    def sample(self, customers: int) -> "Histories":
        """The histories of so many of the customers, who stand evenly among all."""
        until = np.cumsum(self.customers)
        chosen = (np.arange(customers) + 0.5) * (until[-1] / customers)
        places, counts = np.unique(np.searchsorted(until, chosen), return_counts=True)
        return replace(self.at(places), customers=counts.astype(np.float64))

    def by_order(self, per_history: Numbers) -> Numbers:
        """Sums over the histories of each distinct frequency."""
        sums: Numbers = np.bincount(self.order_place, per_history, self.orders.size).astype(float)
        return sums


def checked(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with frequency, recency, age and, where it is there, the monetary value as numbers.

    Raises:
        InvalidHistoriesError: a column is missing or holds no numbers, a value is missing or not
            finite, a frequency is negative or not whole, a recency is negative or beyond the age,
            somebody without a repeat order has a recency, or repeat orders have no monetary value
            or a negative one.
    """
    if not isinstance(frame, pl.DataFrame):
        raise InvalidHistoriesError(
            f"Histories are a polars.DataFrame, not {type(frame).__name__}."
        )
    missing = [name for name in KEY if name not in frame.columns]
    if missing:
        raise InvalidHistoriesError(f"The frame has no column {', '.join(missing)}.")
    columns = [*KEY, *(name for name in (SPENT,) if name in frame.columns)]
    for name in columns:
        # a Duration or a text would be cast to numbers of another unit
        if frame.height and not (frame[name].dtype.is_numeric() or frame[name].is_null().all()):
            raise InvalidHistoriesError(f"{name} is {frame[name].dtype}, which is no number.")
    numbers = frame.with_columns(pl.col(*columns).cast(pl.Float64))
    rules = _RULES | (_RULES_OF_SPENDING if SPENT in columns else {})
    counts = numbers.select(rule.sum().alias(sentence) for sentence, rule in rules.items())
    for sentence, count in zip(counts.columns, counts.row(0), strict=True):
        if count:
            row = numbers.select(rules[sentence].fill_null(value=False).arg_true()).item(0, 0)
            raise InvalidHistoriesError(f"Row {row}: {sentence} ({count} rows in all).")
    return numbers


_FREQUENCY, _RECENCY, _AGE, _SPENT = (pl.col(name) for name in (*KEY, SPENT))
_RULES: Final = {
    "a value is missing or not finite": ~pl.all_horizontal(
        pl.col(name).is_not_null() & pl.col(name).is_finite() for name in KEY
    ),
    "the frequency is no count of repeat orders": (_FREQUENCY < 0)
    | (_FREQUENCY.floor() != _FREQUENCY),
    # whoever first ordered at the end of the data is a customer of age 0
    "the age is not positive": (_AGE < 0) | ((_AGE == 0) & (_FREQUENCY > 0)),
    "the recency lies outside 0 to age": (_RECENCY < 0) | (_RECENCY > _AGE),
    "there is a recency without a repeat order": (_FREQUENCY == 0) & (_RECENCY != 0),
}
_RULES_OF_SPENDING: Final = {
    "repeat orders have no monetary value": (_FREQUENCY > 0)
    & (_SPENT.is_null() | ~_SPENT.is_finite()),
    "the monetary value is negative": (_FREQUENCY > 0) & (_SPENT < 0),
}


def distinct_values(values: NDArray[_Number]) -> tuple[NDArray[_Number], Places]:
    """The distinct values in ascending order, and which of them each is.

    Whole numbers, as orders and days are, are found by a small table; others have to be sorted.
    """
    if values.size and values.min() >= 0 and values.max() < _TABLE:
        whole = values.astype(np.intp)
        if (whole == values).all():
            is_there = np.zeros(_TABLE, dtype=np.bool_)
            is_there[whole] = True
            place = np.cumsum(is_there) - 1
            return np.flatnonzero(is_there).astype(values.dtype), place[whole]
    return np.unique(values, return_inverse=True)


def counted(numbers: pl.DataFrame) -> tuple[Histories, Places]:
    """The distinct histories of a checked frame in ascending order, and which of them a row has."""
    columns, codes = _coded(numbers)
    code, place = distinct_values(codes)
    return _decoded(columns, code, np.bincount(place, minlength=code.size)), place


def distinct_histories(numbers: pl.DataFrame) -> Histories:
    """The histories of `counted` alone, for half of its time."""
    columns, codes = _coded(numbers)
    return _decoded(columns, *np.unique(codes, return_counts=True))


def _coded(numbers: pl.DataFrame) -> tuple[list[Numbers], Places]:
    """The distinct values of each column of the key, and a whole number for each row's history."""
    distinct = [distinct_values(numbers[name].to_numpy()) for name in KEY]
    columns, places = [values for values, _ in distinct], [place for _, place in distinct]
    return columns, np.ravel_multi_index(places, _sizes(columns))


def _decoded(columns: list[Numbers], code: Places, customers: Places) -> Histories:
    """The histories that have the codes, in the codes' order."""
    places = np.unravel_index(code, _sizes(columns))
    frequency, recency, age = (values[place] for values, place in zip(columns, places, strict=True))
    return Histories(frequency, recency, age, customers.astype(np.float64), columns[0], places[0])


def _sizes(columns: list[Numbers]) -> tuple[int, ...]:
    return tuple(max(values.size, 1) for values in columns)
