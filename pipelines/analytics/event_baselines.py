"""What would have come on an event's days without it, by the days around them.

A Poisson regression of counts with a log link (McCullagh and Nelder 1989, Generalized linear
models, chapter 6 and 4.5): a level per scope, weekdays, and a parabola of time, for around Black
week the year rises, turns and falls: the mean of the weeks before and after lies a twentieth below.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.analytics.time_series.panels import Bools, Floats

Ints = NDArray[np.int64]
# Comparable days that a side needs for a parabola to be one and no guess.
_LEAST_DAYS: Final = 7
_ROUNDS: Final = 25
_NEAR: Final = 1e-8
# So that a level of zeros alone, whose logarithm has no end, stops at one.
_RIDGE: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is expected of an event's days in all, and how far counts scatter around it."""

    expected: float
    variance: float  # of the expected number, were counts Poisson's
    pearson: float  # squared residuals of comparable days in units of Poisson's variance
    freedom: int
    is_used: Bools  # days of the event that there are comparable ones of


def baseline(lines: Floats, scope: Ints, day: Ints, is_event: Bools) -> Baseline:
    """What is expected of the days of an event, by those around it that are none.

    All by row, one of a scope and a day: how many lines, the scope's number, the day's number,
    where days are 7 apart that are of one weekday, and whether it is one of the event.
    """
    weekday = day % 7
    around = ~is_event
    is_used = is_event & np.isin(scope, scope[around]) & np.isin(weekday, weekday[around])
    if not is_used.any() or not lines[around].any():
        return Baseline(0.0, 0.0, 0.0, 0, is_used)
    shape = _columns(scope, day, weekday, around)
    effects, covariance = _fitted(lines[around], shape[around])
    usual = np.exp(shape[around] @ effects)
    told = np.exp(shape[is_used] @ effects)
    gradient = told @ shape[is_used]
    return Baseline(
        float(told.sum()),
        float(gradient @ covariance @ gradient),
        float(((lines[around] - usual) ** 2 / usual).sum()),
        int(around.sum() - np.linalg.matrix_rank(shape[around])),
        is_used,
    )


def _columns(scope: Ints, day: Ints, weekday: Ints, around: Bools) -> Floats:
    """Levels, weekdays and the parabola of time; none where days lie on one side alone."""
    levels = scope[:, None] == np.unique(scope)
    weekdays = weekday[:, None] == np.unique(weekday)[1:]
    first, last = day[~around].min(), day[~around].max()
    before, after = (np.unique(day[around & side]).size for side in (day < first, day > last))
    moment = (day - (first + last) / 2) / max(float(day.max() - day.min()), 1.0)
    degree = 2 if min(before, after) >= _LEAST_DAYS else 0
    course = [moment**power for power in range(1, degree + 1)]
    return np.column_stack([levels, weekdays, *course]).astype(np.float64)


def _fitted(lines: Floats, shape: Floats) -> tuple[Floats, Floats]:
    """The effects of greatest likelihood and their covariance, by reweighted least squares."""
    ridge = _RIDGE * np.eye(shape.shape[1])
    effects = np.zeros(shape.shape[1])
    linear = np.asarray(np.log(np.maximum(lines, 0.5)))
    for _ in range(_ROUNDS):
        usual = np.exp(linear)
        weighted = shape.T * usual
        before = effects
        effects = np.linalg.solve(
            weighted @ shape + ridge, weighted @ (linear + (lines - usual) / usual)
        )
        linear = np.asarray(shape @ effects)
        if np.abs(effects - before).max() < _NEAR:
            break
    weighted = shape.T * np.exp(linear)
    return effects, np.asarray(np.linalg.inv(weighted @ shape + ridge))
