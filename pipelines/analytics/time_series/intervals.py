"""Intervals from how wrong forecasts of the past were: split-conformal, pooled over series.

Vovk, Gammerman and Shafer (2005), Algorithmic learning in a random world, chapter 4; per horizon
as in Stankeviciute, Alaa and van der Schaar (2021), Conformal time-series forecasting. A score is
(actual - forecast) / spread of the series; the scores of a size band and a kind of demand are one
pool, for a single series was not forecast often enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.analytics.time_series.panels import Bools, Floats, Panel
from pipelines.analytics.time_series.patterns import Words, is_sparse
from pipelines.analytics.time_series.rolling_origins import Origin, actuals

# Fewer times in the past at which a step came true say nothing of how it varies in time.
LEAST_ORIGINS: Final = 4
# Scores that a quantile is taken of; the pool of a step takes in its neighbours until it has them.
_LEAST_SCORES: Final = 60
_TOO_FEW: Final = "too_few_origins"
_TOO_SPARSE: Final = "too_sparse"


@dataclass(frozen=True, slots=True)
class Interval:
    """The bounds of a level [series, horizon], NaN where `reason` is not empty."""

    level: float
    lower: Floats
    upper: Floats
    reason: Words


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one origin [series, horizon], by pool; NaN where nothing is known."""

    column: int
    pools: Words
    values: Floats
    is_zero: Bools

    def of(self, pool: str) -> "Scores":
        """Those of one pool."""
        rows = self.pools == pool
        return Scores(self.column, self.pools[rows], self.values[rows], self.is_zero[rows])


def scores_of(panel: Panel, origin: Origin) -> Scores:
    """How far what came was from what had been forecast, in spreads of the series.

    An origin at which nothing was known of the models says nothing of what they miss later.
    """
    came = actuals(panel, origin.column, origin.mean.shape[1])
    width = np.where((origin.spread > 0) & origin.is_chosen, origin.spread, np.nan)
    return Scores(
        origin.column,
        pools_of(origin),
        (came - origin.mean) / width[:, None],
        (came == 0) & ~origin.is_signed[:, None],
    )


def pools_of(origin: Origin) -> Words:
    """The pool of each series, "" where it has no model."""
    demand = np.where(is_sparse(origin.kinds), "_sparse@", "_steady@")
    pool = np.char.add(np.char.add(origin.bands, demand), origin.groups)
    return np.where(origin.kinds == "", "", pool)


def intervals(origin: Origin, past: Sequence[Scores], levels: Sequence[float]) -> list[Interval]:
    """An interval per level, the narrowest first; each holds those before it.

    Only scores whose time had come at the origin are used.
    """
    shape = origin.mean.shape
    found = [
        Interval(level, np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, "", "<U20"))
        for level in sorted(levels)
    ]
    pools = pools_of(origin)
    for pool in np.unique(pools[pools != ""]):
        rows = np.flatnonzero(pools == pool)
        of_pool = [each.of(str(pool)) for each in past]
        for step in range(shape[1]):
            scores, is_zero, origins = _pool(of_pool, step, origin.column)
            ordered, zeros = np.sort(scores), float(is_zero.mean()) if is_zero.size else 0.0
            for each in found:
                if origins < LEAST_ORIGINS or not _is_enough(ordered.size, each.level):
                    each.reason[rows, step] = _TOO_FEW
                else:
                    _set(each, origin, rows, step, _quantiles(ordered, zeros, each.level))
    for inner, outer in pairwise(found):
        is_told = outer.reason == ""
        outer.lower[:] = np.fmin(outer.lower, np.where(is_told, inner.lower, np.nan))
        outer.upper[:] = np.fmax(outer.upper, np.where(is_told, inner.upper, np.nan))
    return found


def _set(
    found: Interval,
    origin: Origin,
    rows: NDArray[np.int64],
    step: int,
    quantiles: tuple[float, float],
) -> None:
    """Write the bounds of the rows and the step, or why there are none."""
    low, high = quantiles
    if high < 0:
        found.reason[rows, step] = _TOO_SPARSE
        return
    mean, width = origin.mean[rows, step], origin.spread[rows]
    bottom = np.full_like(mean, low) if np.isinf(low) else mean + min(low, 0.0) * width
    floor = np.where(origin.is_signed[rows], bottom, 0.0)
    found.lower[rows, step] = np.maximum(bottom, floor)
    found.upper[rows, step] = mean + high * width


def _is_enough(count: int, level: float) -> bool:
    """Whether the conformal quantile is one of the scores, on both sides."""
    return count >= 2 / (1 - level) - 1


def _pool(past: Sequence[Scores], step: int, now: int) -> tuple[Floats, Bools, int]:
    """The scores of the step and its neighbours, and how many origins know the step.

    A neighbour's score is used where it had come true as well.
    """
    known = [each for each in past if each.column + step < now]
    origins = sum(bool(np.isfinite(each.values[:, step]).any()) for each in known)
    horizon = past[0].values.shape[1] if past else 0
    reach = 0
    while True:
        first, end = max(0, step - reach), step + reach + 1
        shown = [(each, slice(first, min(end, now - each.column))) for each in known]
        values = np.concatenate([np.empty(0), *(each.values[:, at].ravel() for each, at in shown)])
        is_known = np.isfinite(values)
        if is_known.sum() >= _LEAST_SCORES or reach >= horizon:
            zeros = np.concatenate(
                [np.empty(0, np.bool_), *(each.is_zero[:, at].ravel() for each, at in shown)]
            )
            return values[is_known], zeros[is_known], origins
        reach = 2 * reach + 1


def _quantiles(ordered: Floats, zero_share: float, level: float) -> tuple[float, float]:
    """The scores between which the level's share lies.

    Where more than the lower tail are zeros, an interval that is not to miss them begins at zero,
    so all that may be missed lies above it.
    """
    tail = 1 - level
    if zero_share >= tail / 2:
        return -np.inf, float(ordered[_rank(ordered.size, 1 - tail) - 1])
    high = _rank(ordered.size, 1 - tail / 2)
    return float(ordered[ordered.size - high]), float(ordered[high - 1])


def _rank(count: int, share: float) -> int:
    """The rank of the conformal quantile: ceil((n + 1) share), of 1 to n."""
    return min(count, int(np.ceil((count + 1) * share - 1e-9)))
