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

from pipelines.analytics.time_series.origins import Origin, actuals
from pipelines.analytics.time_series.panels import Bools, Floats, Panel
from pipelines.analytics.time_series.patterns import Words, is_sparse

# Fewer times in the past at which a step came true say nothing of how it varies in time.
LEAST_ORIGINS: Final = 4
# Scores that a quantile is taken of; the pool of a step takes in its neighbours until it has them.
_LEAST_SCORES: Final = 60
_TOO_FEW: Final = "too_few_origins"
_TOO_SPARSE: Final = "too_sparse"
_SPARSE: Final = "_sparse@"
_STEADY: Final = "_steady@"
# Of what an origin's intervals held too much or too little, how much the next ones' level is moved.
_RATE: Final = 0.5
_FURTHEST: Final = 0.1
# Where zeros are nearly the level, an interval holds more than it promises whatever its width.
_MARGIN: Final = 0.05


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
    # [level, series, horizon], whether the interval that was told held what came; NaN without one
    held: Floats

    def of(self, pool: str) -> "Scores":
        """Those of one pool."""
        rows = self.pools == pool
        return Scores(
            self.column,
            self.pools[rows],
            self.values[rows],
            self.is_zero[rows],
            self.held[:, rows],
        )


def scores_of(panel: Panel, origin: Origin, told: Sequence[Interval]) -> Scores:
    """How far what came was from what had been forecast, in widths of the series.

    An origin at which nothing was known of the models says nothing of what they miss later.
    """
    came = actuals(panel, origin.column, origin.mean.shape[1])
    is_used = (origin.spread > 0) & origin.is_chosen
    width = np.where(is_used[:, None], origin.width, np.nan)
    return Scores(
        origin.column,
        pools_of(origin),
        (came - origin.mean) / width,
        (came == 0) & ~origin.is_signed[:, None],
        np.stack([_held(came, each) for each in told]),
    )


def _held(came: Floats, told: Interval) -> Floats:
    is_known = np.isfinite(came) & np.isfinite(told.upper)
    return np.where(is_known, (told.lower <= came) & (came <= told.upper), np.nan)


def pools_of(origin: Origin) -> Words:
    """The pool of each series, "" where it has no model."""
    demand = np.where(is_sparse(origin.kinds), _SPARSE, _STEADY)
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
    demands = {
        demand: [
            _corrected(each.level, number, demand, past, origin.column)
            for number, each in enumerate(found)
        ]
        for demand in (_SPARSE, _STEADY)
    }
    for pool in np.unique(pools[pools != ""]):
        rows = np.flatnonzero(pools == pool)
        corrected = demands[_SPARSE if _SPARSE in str(pool) else _STEADY]
        of_pool = [each.of(str(pool)) for each in past]
        is_alone = all(len(each.pools) <= 1 for each in of_pool)
        for step in range(shape[1]):
            scores, is_zero, origins = _pool(of_pool, step, origin.column)
            # which way a single series was missed a dozen times says little of the next time
            scores = np.concatenate([scores, -scores]) if is_alone else scores
            ordered, zeros = np.sort(scores), float(is_zero.mean()) if is_zero.size else 0.0
            for each, level in zip(found, corrected, strict=True):
                if origins < LEAST_ORIGINS or not _is_enough(ordered.size, each.level):
                    each.reason[rows, step] = _TOO_FEW
                else:
                    _set(each, origin, rows, step, _quantiles(ordered, zeros, each.level, level))
    for inner, outer in pairwise(found):
        is_told = outer.reason == ""
        outer.lower[:] = np.fmin(outer.lower, np.where(is_told, inner.lower, np.nan))
        outer.upper[:] = np.fmax(outer.upper, np.where(is_told, inner.upper, np.nan))
    return found


def _corrected(level: float, number: int, demand: str, past: Sequence[Scores], now: int) -> float:
    """The level to aim at, so that what is held is `level` also while the series change.

    Adaptive conformal inference (Gibbs and Candes 2021, Adaptive conformal inference under
    distribution shift, equation 2).
    """
    aim = level
    for each in past:
        rows = np.char.find(each.pools, demand) >= 0
        held = each.held[number, rows, : max(now - each.column, 0)]
        known = np.isfinite(held)
        if known.sum() >= _LEAST_SCORES:
            aim += _RATE * (level - float(held[known].mean()))
            aim = min(max(aim, level - _FURTHEST), level + (1 - level) / 2)
    return aim


def _set(
    found: Interval,
    origin: Origin,
    rows: NDArray[np.int64],
    step: int,
    quantiles: tuple[float, float] | None,
) -> None:
    """Write the bounds of the rows and the step, or why there are none."""
    if quantiles is None:
        found.reason[rows, step] = _TOO_SPARSE
        return
    low, high = quantiles
    mean, width = origin.mean[rows, step], origin.width[rows, step]
    bottom = np.full_like(mean, low) if np.isinf(low) else mean + min(low, 0.0) * width
    # what has come of a period that has begun is in its sum already
    least = origin.come[rows] if step == 0 else 0.0
    floor = np.where(origin.is_signed[rows], bottom, least)
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


def _quantiles(
    ordered: Floats, zero_share: float, level: float, aim: float
) -> tuple[float, float] | None:
    """The scores between which the share aimed at lies; None where zeros alone are the level.

    Where more than the lower tail are zeros, an interval that is not to miss them begins at zero,
    so all that may be missed lies above it.
    """
    if zero_share > level - _MARGIN:
        return None
    tail = 1 - aim
    if zero_share >= (1 - level) / 2:
        return -np.inf, max(float(ordered[_rank(ordered.size, 1 - tail) - 1]), 0.0)
    high = _rank(ordered.size, 1 - tail / 2)
    return float(ordered[ordered.size - high]), max(float(ordered[high - 1]), 0.0)


def _rank(count: int, share: float) -> int:
    """The rank of the conformal quantile: ceil((n + 1) share), of 1 to n."""
    return min(count, int(np.ceil((count + 1) * share - 1e-9)))
