"""How far apart a series' values are, and which moments follow its last one."""

import re
from dataclasses import dataclass
from typing import Final

import polars as pl

_SECOND: Final = 1_000_000  # microseconds
_SECONDS: Final = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400}
_MONTHS: Final = {"mo": 1, "q": 3, "y": 12}
# The words of our tables, of polars and of pandas.
_UNITS: Final = {
    **dict.fromkeys(("second", "s"), "s"),
    **dict.fromkeys(("minute", "min", "m", "t"), "min"),
    **dict.fromkeys(("hour", "hourly", "h"), "h"),
    **dict.fromkeys(("day", "daily", "d"), "d"),
    **dict.fromkeys(("week", "weekly", "w"), "w"),
    **dict.fromkeys(("month", "monthly", "mo", "ms", "me"), "mo"),
    **dict.fromkeys(("quarter", "quarterly", "q", "qs", "qe"), "q"),
    **dict.fromkeys(("year", "yearly", "y", "ys", "ye", "a"), "y"),
}
_WRITTEN: Final = re.compile(r"(\d*)([a-z]+)(?:-[a-z]{3})?")


# The phase of a monthly series is its day of the month times this, and 0 days for the last one.
_OF_MONTH: Final = 100_000


class InvalidSeriesError(ValueError):
    """The rows are no series of this frequency: says which series, where and what to do."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """The distance of two values: months, or a fixed step in microseconds or in whole numbers."""

    months: int = 0
    step: int = 0
    is_numbered: bool = False


def frequency_of(written: str | int) -> Frequency:
    """What `hour`, `day`, `1d`, `15min` or `MS` means, or a number where ds counts periods.

    Raises:
        InvalidSeriesError: it is no frequency.
    """
    if isinstance(written, int) and not isinstance(written, bool) and written > 0:
        return Frequency(step=written, is_numbered=True)
    text = str(written)
    # pandas' capital M is a month, polars' small m a minute
    found = _WRITTEN.fullmatch("mo" if text == "M" else text.lower())
    unit = found and _UNITS.get(found[2])
    if not found or not unit or found[1] == "0":
        raise InvalidSeriesError(
            f"{written!r} is no frequency; there are hour, day, week, month, quarter and year, "
            "also as 1h, 1d, 1w, 1mo, 15min, and a whole number where ds counts periods"
        )
    times = int(found[1] or 1)
    if unit in _MONTHS:
        return Frequency(months=_MONTHS[unit] * times)
    return Frequency(step=_SECONDS[unit] * times * _SECOND)


def placed(rows: pl.DataFrame, frequency: Frequency) -> pl.DataFrame:
    """The rows with `place`, a number that grows by one from period to period, and `phase`.

    The phase is where in its period a moment lies; it is the same for all rows of a series.

    Raises:
        InvalidSeriesError: ds is of another type than the frequency, or lies off its grid.
    """
    kind = rows.schema["ds"]
    if frequency.is_numbered != kind.is_integer():
        raise InvalidSeriesError(
            "a frequency in whole numbers goes with a ds of whole numbers and the other way round; "
            f"ds is {kind}"
        )
    if not (kind.is_integer() or kind == pl.Date or isinstance(kind, pl.Datetime)):
        raise InvalidSeriesError(f"ds is {kind}; it must be a date, a datetime or a whole number")
    if isinstance(kind, pl.Datetime) and kind.time_zone not in (None, "UTC"):
        raise InvalidSeriesError(
            f"ds is in {kind.time_zone}, where days differ in length; write it in UTC or local"
        )
    ds = pl.col("ds")
    if frequency.months:
        count = ds.dt.year().cast(pl.Int64) * 12 + ds.dt.month() - 1
        is_end = (ds.dt.date() == ds.dt.date().dt.month_end()).all().over("unique_id")
        of_month = pl.when(is_end).then(0).otherwise(ds.dt.day().cast(pl.Int64))
        placed_rows = rows.with_columns(
            place=count // frequency.months, phase=of_month * _OF_MONTH + count % frequency.months
        )
    else:
        count = (ds if kind.is_integer() else ds.cast(pl.Datetime("us"))).cast(pl.Int64)
        placed_rows = rows.with_columns(place=count // frequency.step, phase=count % frequency.step)
    odd = placed_rows.filter(pl.col("phase") != pl.col("phase").first().over("unique_id"))
    if odd.height:
        name, moment = odd.row(0)[:2]
        raise InvalidSeriesError(
            f"series {name}: {moment} is not a whole number of periods away from its first row"
        )
    return placed_rows


def following(last: pl.DataFrame, frequency: Frequency, horizon: int) -> pl.DataFrame:
    """The next moments of each series, `unique_id ds step`; `last` has its last ds and phase."""
    kind = last.schema["ds"]
    steps = pl.DataFrame({"step": range(1, horizon + 1)}, schema={"step": pl.Int64})
    rows = last.join(steps, how="cross")
    ds, step = pl.col("ds"), pl.col("step")
    if frequency.months:
        moved = ds.dt.offset_by(pl.format("{}mo", step * frequency.months))
        moved = pl.when(pl.col("phase") < _OF_MONTH).then(moved.dt.month_end()).otherwise(moved)
    elif frequency.is_numbered:
        moved = ds + step * frequency.step
    else:
        whole = ds.cast(pl.Datetime("us", getattr(kind, "time_zone", None)))
        moved = whole + pl.duration(microseconds=step * frequency.step)
    return rows.select("unique_id", moved.cast(kind).alias("ds"), "step")
