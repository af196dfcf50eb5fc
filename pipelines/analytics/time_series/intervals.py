"""Intervals from how wrong forecasts of the past were: split-conformal, pooled over series.

Vovk, Gammerman and Shafer (2005), Algorithmic learning in a random world, chapter 4; per horizon
as in Stankeviciute, Alaa and van der Schaar (2021), Conformal time-series forecasting. A score is
(actual - forecast) / spread of the series; the scores of a size band and a kind of demand are one
pool, for a single series was not forecast often enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

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
    horizon = origin.mean.shape[1]
    pools = pools_of(origin)
    found: list[Interval] = []
    for level in sorted(levels):
        lower, upper = np.full_like(origin.mean, np.nan), np.full_like(origin.mean, np.nan)
        reason = np.full(origin.mean.shape, "", dtype="<U20")
        for pool in np.unique(pools[pools != ""]):
            rows = np.flatnonzero(pools == pool)
            for step in range(horizon):
                scores, is_zero, origins = _pool(past, str(pool), step, origin.column)
                if origins < LEAST_ORIGINS or not _is_enough(scores.size, level):
                    reason[rows, step] = _TOO_FEW
                    continue
                low, high = _quantiles(scores, float(is_zero.mean()), level)
                if high < 0:
                    reason[rows, step] = _TOO_SPARSE
                    continue
                mean, width = origin.mean[rows, step], origin.spread[rows]
                bottom = np.full_like(mean, low) if np.isinf(low) else mean + min(low, 0.0) * width
                floor = np.where(origin.is_signed[rows], bottom, 0.0)
                lower[rows, step] = np.maximum(bottom, floor)
                upper[rows, step] = mean + high * width
        if found:
            lower = np.fmin(lower, np.where(reason == "", found[-1].lower, np.nan))
            upper = np.fmax(upper, np.where(reason == "", found[-1].upper, np.nan))
        found.append(Interval(level, lower, upper, reason))
    return found


def _is_enough(count: int, level: float) -> bool:
    """Whether the conformal quantile is one of the scores, on both sides."""
    return count >= 2 / (1 - level) - 1


def _pool(past: Sequence[Scores], pool: str, step: int, now: int) -> tuple[Floats, Bools, int]:
    """The pool's scores of the step and its neighbours, and how many origins know the step.

    A neighbour's score is used where it had come true as well.
    """
    known = [each for each in past if each.column + step < now]
    at_step = [each.values[each.pools == pool, step] for each in known]
    origins = sum(bool(np.isfinite(each).any()) for each in at_step)
    horizon = past[0].values.shape[1] if past else 0
    reach = 0
    while True:
        steps = slice(max(0, step - reach), step + reach + 1)
        parts = [
            (each.values[each.pools == pool, shown], each.is_zero[each.pools == pool, shown])
            for each in known
            for shown in (slice(steps.start, min(steps.stop, now - each.column)),)
        ]
        values = np.concatenate([part.ravel() for part, _ in parts]) if parts else np.empty(0)
        zeros = np.concatenate([part.ravel() for _, part in parts]) if parts else np.empty(0)
        is_known = np.isfinite(values)
        if is_known.sum() >= _LEAST_SCORES or reach >= horizon:
            return values[is_known], zeros[is_known].astype(np.bool_), origins
        reach = 2 * reach + 1


def _quantiles(scores: Floats, zero_share: float, level: float) -> tuple[float, float]:
    """The scores between which the level's share lies.

    Where more than the lower tail are zeros, an interval that is not to miss them begins at zero,
    so all that may be missed lies above it.
    """
    ordered = np.sort(scores)
    tail = 1 - level
    if zero_share >= tail / 2:
        return -np.inf, float(ordered[_rank(ordered.size, 1 - tail) - 1])
    high = _rank(ordered.size, 1 - tail / 2)
    return float(ordered[ordered.size - high]), float(ordered[high - 1])


def _rank(count: int, share: float) -> int:
    """The rank of the conformal quantile: ceil((n + 1) share), of 1 to n."""
    return min(count, int(np.ceil((count + 1) * share - 1e-9)))
