"""What holidays, promotions and the like bring, from all series of a group together.

Sales are a level times 1 + the sum of lift x driver. Levels are means of the same place in the
season around it, without what the drivers brought; the lifts are the weighted least squares of
what is above them, with variances that grow with the level as a count's do. Two rounds of both
(backfitting, Hastie and Tibshirani 1990, Generalized additive models, 4.4).
"""

from typing import Final

import numpy as np

from pipelines.analytics.time_series.panels import Floats
from pipelines.analytics.time_series.patterns import Words

# Seasons before and after whose same place says what is usual.
_NEIGHBOURS: Final = 4
_ROUNDS: Final = 3
# Nobody sells less than nothing; a tenth is left so that a level can be told from it.
_LEAST: Final = 0.1
# Units of evidence for no lift: few days of one event say little.
_CAUTION: Final = 0.02


def lifted(filled: Floats, drivers: Floats, groups: Words, season: int) -> Floats:
    """What each period, also of those ahead, is of one without drivers [series, periods].

    `filled` [series, known periods] is all that is used of sales, `drivers` has the periods ahead,
    too [series, periods, driver].
    """
    length = filled.shape[1]
    if not drivers.shape[2] or length <= season:
        return np.broadcast_to(1.0, drivers.shape[:2])
    found = np.ones(drivers.shape[:2])
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        known = drivers[rows, :length]
        lifts = np.zeros(drivers.shape[2])
        for _ in range(_ROUNDS):
            of_known = np.maximum(1 + known @ lifts, _LEAST)
            level = _around(filled[rows] / of_known, season)
            lifts = _fitted(filled[rows], level, known)
        found[rows] = np.maximum(1 + drivers[rows] @ lifts, _LEAST)
    return found


def _around(values: Floats, season: int) -> Floats:
    """The mean of the same place in the seasons around each period; of those that there are."""
    total, count = np.zeros_like(values), np.zeros(values.shape[1])
    for number in range(1, _NEIGHBOURS + 1):
        away = number * season
        if away >= values.shape[1]:
            break
        total[:, away:] += values[:, :-away]
        total[:, :-away] += values[:, away:]
        count[away:] += 1
        count[:-away] += 1
    return np.asarray(total / np.maximum(count, 1))


def _fitted(filled: Floats, level: Floats, drivers: Floats) -> Floats:
    """Lifts per unit of each driver."""
    is_driven = drivers.any(axis=2)  # of most periods nothing is to be learnt
    driven, usual = drivers[is_driven], level[is_driven]
    above = np.where(usual > 0, filled[is_driven] - usual, 0.0)
    weight = (usual[:, None] * driven).T @ driven
    own = np.diag(weight).copy()
    ridge = np.diag(_CAUTION * own + np.where(own > 0, 0.0, 1.0))
    return np.asarray(np.linalg.solve(weight + ridge, above @ driven))
