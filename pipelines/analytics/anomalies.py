"""Days that are not like the same weekday of the eight weeks before them.

A day is compared with the median of its weekday and with that median moved to the level of the
last two weeks, so that growth is no alarm; the nearer one counts. How far it is off is measured in
scaled median absolute deviations (Hampel 1974, "The influence curve and its role in robust
estimation"; the factor 1.4826 and the use of median and MAD against outliers: Leys et al. 2013,
"Detecting outliers", Journal of Experimental Social Psychology 49(4)). Counts and amounts are
compared as logarithms, for their noise is multiplicative; a count can also not be further off than
chance would have it: Poisson, by Anscombe's transformation (Anscombe 1948, Biometrika 35).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan
from statistics import median
from typing import Literal

import numpy as np
import polars as pl

Kind = Literal["count", "amount", "average", "share"]

# Decision 12: eight weeks, warn beyond 4, block beyond 8.
WEEKS = 8
WARN_BEYOND = 4.0
BLOCK_BEYOND = 8.0
FEWEST_WEEKS = 4
_MAD_TO_SIGMA = 1.4826
# A day is never expected more exactly than this; ten per cent is what a promotion or rain does.
_SMALLEST_NOISE = {"count": 0.1, "amount": 0.15, "average": 0.1, "share": 0.02}
# Only what no good or bad day does is surely broken: a third of the usual, or ten times as much.
_SURELY_LOW = 1 / 3
_SURELY_HIGH = {"count": 10.0, "amount": 10.0, "average": 5.0}
_SURELY_MORE_MISSING = 0.5
_GROWTH = (0.5, 2.0)
# What is missing in more rows than this is missed by nobody.
_MOSTLY_THERE = 0.5
# An average or a share of fewer rows is chance.
_FEWEST_ROWS = 20

COLUMNS = {
    "series_id": pl.String,
    "day": pl.Date,
    "value": pl.Float64,
    "expected": pl.Float64,
    "deviation": pl.Float64,
    "state": pl.String,
}


@dataclass(frozen=True, slots=True)
class _Series:
    kind: str
    can_block: bool
    first: date
    values: list[float]
    weights: list[float]
    levels: list[float]  # the values, or their logarithms where these are compared
    is_usual: list[bool]  # that a day can say what is to be expected of others


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are judged, half open; `unusual` ones are expected to be off.

    Only the last day may block: one that was published already, or held back once, does not hold
    back the days after it.
    """

    first: date
    end: date
    unusual: frozenset[date] = frozenset()


def judge(history: pl.DataFrame, span: Span) -> pl.DataFrame:
    """Every series and day of the span with what was expected, how far it was off, and a state.

    `history` has series_id, kind, can_block, day, value and weight (on how many rows a share or an
    average rests); days without a row count as zero rows.
    States: ok, warn, block; unknown where the history is too short.
    """
    rows = [
        row for series_id, part in _series(history, span) for row in _judged(series_id, part, span)
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def usual_exceptions(years: Collection[int]) -> frozenset[date]:
    """Days on which almost every market is unlike itself: the turn of the year and Black week."""
    found = set()
    for year in years:
        found |= {date(year, 12, day) for day in (24, 25, 26, 31)} | {date(year, 1, 1)}
        november = date(year, 11, 1)
        thanksgiving = november + timedelta(days=(3 - november.weekday()) % 7 + 21)
        found |= {thanksgiving + timedelta(days=shift) for shift in range(-3, 5)}
    return frozenset(found)


def _series(history: pl.DataFrame, span: Span) -> Iterator[tuple[str, _Series]]:
    for (series_id,), part in history.sort("series_id", "day").group_by(
        "series_id", maintain_order=True
    ):
        kind, can_block = part["kind"][0], part["can_block"][0]
        first: date = part["day"][0]
        length = (span.end - first).days
        if length <= 0:
            continue
        known = part.filter(pl.col("day") < span.end)
        places = (known["day"].to_numpy() - np.datetime64(first)).astype(int)
        values = np.zeros(length) if kind in {"count", "amount"} else np.full(length, np.nan)
        weights = np.zeros(length)
        values[places] = known["value"].to_numpy()
        weights[places] = known["weight"].to_numpy()
        days = [first + timedelta(days=place) for place in range(length)]
        is_usual = [
            day not in span.unusual and is_known
            for day, is_known in zip(days, ~np.isnan(values), strict=True)
        ]
        yield (
            str(series_id),
            _Series(
                kind,
                can_block,
                first,
                values.tolist(),
                weights.tolist(),
                _levels(kind, values).tolist(),
                is_usual,
            ),
        )


def _judged(series_id: str, series: _Series, span: Span) -> Iterator[tuple[object, ...]]:
    for place in range(max(0, (span.first - series.first).days), len(series.values)):
        day = series.first + timedelta(days=place)
        value = series.values[place]
        past = _usual_weeks_before(series, place - 7)
        if len(past) < FEWEST_WEEKS or isnan(value):
            yield series_id, day, _or_none(value), None, None, "unknown"
            continue
        expected, deviation = _deviation(series, place, past)
        is_last = day + timedelta(days=1) == span.end
        state = _state(series, place, expected, deviation)
        if state == "block" and not (is_last and series.can_block):
            state = "warn"
        if day in span.unusual:
            state = "warn" if _is_silent(series, value, expected) else "ok"
        yield series_id, day, value, expected, deviation, state


def _usual_weeks_before(series: _Series, place: int) -> list[int]:
    """The places of a weekday in the weeks that end with it, without unusual days."""
    places = range(place, place - 7 * WEEKS, -7)
    return [at for at in places if at >= 0 and series.is_usual[at]]


def _deviation(series: _Series, place: int, past: list[int]) -> tuple[float, float]:
    centre = median(series.values[at] for at in past)
    noise = _noise(series, place, past)
    centres = [centre]
    if series.kind in {"count", "amount"}:
        centres.append(centre * _growth(series.values, place))
    offs = [_off(series, place, c, noise) for c in centres]
    # Between the usual and the usual at today's level is no deviation at all.
    if min(offs) < 0 < max(offs):
        return centre, 0.0
    nearest = int(np.argmin(np.abs(offs)))
    return centres[nearest], offs[nearest]


def _off(series: _Series, place: int, centre: float, noise: float) -> float:
    """How far a day is from a centre, in units of the noise, with its sign."""
    value = series.values[place]
    if series.kind == "share":
        chance = np.sqrt(max(centre * (1 - centre), 0.0) / max(series.weights[place], 1.0))
        return (value - centre) / float(np.hypot(noise, chance))
    off = (series.levels[place] - float(_levels(series.kind, centre))) / noise
    # Amounts and averages of few rows are as uncertain as those rows are few.
    rows = centre if series.kind == "count" else None
    if rows is not None:
        by_chance = 2 * (np.sqrt(value + 3 / 8) - np.sqrt(rows + 3 / 8))
        off = float(np.sign(off) * min(abs(off), abs(by_chance)))
    return float(off)


def _noise(series: _Series, place: int, past: list[int]) -> float:
    """The scaled MAD of the weekday, or of all days before around their weekdays' medians.

    Eight values estimate a spread badly, and by chance too small; 56 do it well.
    """
    spread = _MAD_TO_SIGMA * median(_residuals(series, past))
    residuals: list[float] = []
    for back in range(1, 8):
        places = _usual_weeks_before(series, place - back)
        if len(places) >= FEWEST_WEEKS:
            residuals += _residuals(series, places)
    pooled = _MAD_TO_SIGMA * median(residuals) if residuals else 0.0
    return max(spread, pooled, _SMALLEST_NOISE[series.kind])


def _residuals(series: _Series, places: list[int]) -> list[float]:
    """How far some days are from their median."""
    levels = [series.levels[at] for at in places]
    centre = median(levels)
    return [abs(level - centre) for level in levels]


def _growth(values: list[float], place: int) -> float:
    recent = values[max(0, place - 14) : place]
    longer = values[max(0, place - 7 * WEEKS) : place]
    usual = median(longer)
    if usual <= 0:
        return 1.0
    least, most = _GROWTH
    return min(max(median(recent) / usual, least), most)


def _levels(kind: str, values: np.ndarray | float) -> np.ndarray:
    """As what values are compared: shares as they are, all others as logarithms."""
    if kind == "share":
        return np.asarray(values)
    # Half a row, so that none has a logarithm; half a cent likewise.
    return np.asarray(np.log(np.maximum(values, 0.0) + (0.5 if kind == "count" else 0.005)))


def _state(series: _Series, place: int, expected: float, deviation: float) -> str:
    value, weight = series.values[place], series.weights[place]
    if abs(deviation) <= WARN_BEYOND:
        return "ok"
    if not _says_something(series.kind, value, weight, expected):
        return "ok"
    if abs(deviation) <= BLOCK_BEYOND:
        return "warn"
    if series.kind == "share":
        return "block" if value - expected > _SURELY_MORE_MISSING else "warn"
    if series.kind == "average" and weight < _FEWEST_ROWS:
        return "warn"
    is_sure = value < expected * _SURELY_LOW or value > expected * _SURELY_HIGH[series.kind]
    return "block" if is_sure else "warn"


def _says_something(kind: str, value: float, weight: float, expected: float) -> bool:
    """Whether a day that is far off can be more than chance.

    A share is one of missing values: more of them, of what usually is there, in enough rows. A few
    rows come in clusters, so more than a few say something where they are many times as many.
    """
    if kind == "share":
        return value > expected and expected <= _MOSTLY_THERE and weight >= _FEWEST_ROWS
    is_few = kind == "count" and expected < _FEWEST_ROWS
    return not is_few or value < expected or value > expected * _SURELY_HIGH["count"]


def _is_silent(series: _Series, value: float, expected: float) -> bool:
    """Even a holiday leaves some of dozens of orders, though no carrier may come."""
    return series.kind == "count" and series.can_block and value == 0 and expected >= _FEWEST_ROWS


def _or_none(value: float) -> float | None:
    return None if isnan(value) else value
