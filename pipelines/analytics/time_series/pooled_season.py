"""The season that series have in common: what each alone is too short or too noisy to show.

Group seasonal indices (Withycombe 1989, Forecasting with combined seasonal indices, International
Journal of Forecasting 5), by the ratio to the centred moving average.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.analytics.time_series.panels import Floats
from pipelines.analytics.time_series.patterns import Words

# A place in the season that sells nearly nothing would make of any sale there an immense level.
_LEAST: Final = 0.1
# Seasons from which on there is a shape: enough of a second one to tell growth from it.
_FEWEST: Final = 1.3
# What of a shape that was seen once is believed: the rest is that season's chance.
_BELIEVED: Final = 0.7
_FASTEST: Final = 4.0  # growth from season to season beyond which it is a beginning, or an end
# Places of a longer season are means with their neighbours: a week of the year is seen seldom.
_FINE: Final = 24


def pooled_season(
    filled: Floats, pools: Words, season: int, horizon: int, *, around: int = 1
) -> Floats:
    """What each period and those ahead are of an average one [series, periods + horizon].

    `pools` names whose sum shows the season of each series. Of one that the sum has not seen twice
    it is damped (Miller and Williams 2003, Shrinkage estimators of time series seasonal factors,
    International Journal of Forecasting 19), and one where little more than a season was seen.
    `around` is over how many neighbouring places of the season each is a mean, for a season seen
    too seldom to know each place by itself.
    """
    length = filled.shape[1]
    shape = (len(filled), length + horizon)
    if season < 2 or length < _FEWEST * season:
        return np.broadcast_to(1.0, shape)
    place = np.arange(length + horizon) % season
    names = np.unique(pools)
    if len(names) == 1:
        # of ten thousand series that share one the rows are one, not ten thousand
        return np.broadcast_to(_shape(filled.sum(axis=0), season, around)[place], shape)
    found = np.ones(shape)
    for pool in names:
        rows = pools == pool
        found[rows] = _shape(filled[rows].sum(axis=0), season, around)[place]
    return found


def _shape(total: NDArray[np.float64], season: int, around: int) -> Floats:
    """By place in the season (column modulo season) what it is of an average one."""
    sold = np.flatnonzero(total)
    first = int(sold[0]) if sold.size else len(total)
    values = total[first:]
    if len(values) < _FEWEST * season:
        return np.ones(season)
    is_seen_twice = len(values) >= 2 * season
    begin, ratio = _of_average(values, season) if is_seen_twice else (0, _of_growth(values, season))
    place = (first + begin + np.arange(len(ratio))) % season
    count = np.bincount(place, minlength=season)
    shape = np.bincount(place, ratio, minlength=season) / np.maximum(count, 1)
    shape = np.where(count > 0, shape, 1.0)
    reach = max(around // 2, 1 if season > _FINE else 0)
    # twice: a mean of means has no corners
    for _ in range(2 if reach else 0):
        wrapped = np.pad(shape, reach, mode="wrap")
        shape = np.convolve(wrapped, np.full(2 * reach + 1, 1 / (2 * reach + 1)), mode="valid")
    shape = shape / shape.mean()
    shape = np.maximum(shape if is_seen_twice else 1 + _BELIEVED * (shape - 1), _LEAST)
    return np.asarray(shape / shape.mean())


def _of_average(values: Floats, season: int) -> tuple[int, Floats]:
    """Where the first ratio to the centred moving average stands, and the ratios."""
    # centred on a period also where the season is even
    weights = np.ones(season + 1 - season % 2) / season
    if season % 2 == 0:
        weights[[0, -1]] /= 2
    level = np.convolve(values, weights, mode="valid")
    edge = len(weights) // 2
    inner = values[edge : edge + len(level)]
    return edge, np.divide(inner, level, out=np.ones_like(inner), where=level > 0)


def _of_growth(values: Floats, season: int) -> Floats:
    """Ratios to a level that grows as what was seen of a second season is above the first."""
    again = len(values) - season
    before = float(values[:again].sum())
    growth = float(values[season:].sum()) / before if before > 0 else _FASTEST
    growth = min(max(growth, 1 / _FASTEST), _FASTEST)
    return np.asarray(values / growth ** (np.arange(len(values)) / season))
