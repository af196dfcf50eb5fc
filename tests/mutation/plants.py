"""Ways to corrupt a delivery: functions that take the right one and leave a wrong one."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from tests.mutation.delivery import Delivery

Plant = Callable[[Delivery], None]


@dataclass(frozen=True)
class Corruption:
    """One kind of corruption and the check that is meant to name it."""

    name: str
    feed: str
    plant: Plant
    check: str


def kind(name: str, check: str, plant: Plant) -> Corruption:
    """A corruption of the feed that the check names first."""
    return Corruption(name, check.partition("/")[0], plant, check)


def rows(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Plant:
    """The day's rows after a change."""
    return lambda delivery: delivery.put(change(delivery.rows))


def each(every: int = 1, **values: pl.Expr | str | int | None) -> Plant:
    """New values in every n-th row of the day."""

    def plant(delivery: Delivery) -> None:
        frame = delivery.rows
        hit = pl.int_range(pl.len()) % every == 0
        changes = [
            pl.when(hit)
            .then(value if isinstance(value, pl.Expr) else pl.lit(value))
            .otherwise(pl.col(name))
            .alias(name)
            for name, value in values.items()
        ]
        delivery.put(frame.with_columns(changes))

    return plant


def raw(change: Callable[[bytes], bytes]) -> Plant:
    """The day's bytes after a change."""
    return lambda delivery: delivery.put_raw(change(delivery.raw))


def replaced(old: str, new: str) -> Plant:
    """The day's bytes with the first occurrence of a text replaced."""

    def change(content: bytes) -> bytes:
        assert old.encode() in content, old
        return content.replace(old.encode(), new.encode(), 1)

    return raw(change)


def line(number: int, change: Callable[[bytes], bytes]) -> Plant:
    """The day's bytes with one line changed."""

    def changed(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[number] = change(lines[number])
        return b"\n".join(lines)

    return raw(changed)


def moved(column: str, **by: int) -> pl.Expr:
    """A time of a CSV file, moved by some days or hours."""
    at = pl.col(column).str.to_datetime("%Y-%m-%d %H:%M:%S") + pl.duration(**by)
    return at.dt.strftime("%Y-%m-%d %H:%M:%S")


def times(column: str, factor: str) -> pl.Expr:
    """An amount of a CSV file, multiplied."""
    amount = pl.col(column).cast(pl.Decimal(18, 4)) * pl.lit(factor).cast(pl.Decimal(18, 4))
    return amount.round(2).cast(pl.String)


def nothing(delivery: Delivery) -> None:
    """The right delivery."""
    assert delivery.inbox.exists()
