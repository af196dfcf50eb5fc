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


def pooled_season(
    filled: Floats, pools: Words, season: int, horizon: int, *, around: int = 1
) -> Floats:
    """What each period and those ahead are of an average one [series, periods + horizon].

    `pools` names whose sum shows the season of each series. Ones where the sum has not two seasons.
    `around` is over how many neighbouring places of the season each is a mean, for a season seen
    too seldom to know each place by itself.
    """
    length = filled.shape[1]
    shape = (len(filled), length + horizon)
    if season < 2 or length < 2 * season:
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
    """By place in the season (column modulo season) the mean ratio to the moving average."""
    sold = np.flatnonzero(total)
    first = int(sold[0]) if sold.size else len(total)
    values = total[first:]
    if len(values) < 2 * season:
        return np.ones(season)
    # centred on a period also where the season is even
    weights = np.ones(season + 1 - season % 2) / season
    if season % 2 == 0:
        weights[[0, -1]] /= 2
    level = np.convolve(values, weights, mode="valid")
    edge = len(weights) // 2
    inner = values[edge : edge + len(level)]
    place = (first + edge + np.arange(len(level))) % season
    ratio = np.divide(inner, level, out=np.ones_like(inner), where=level > 0)
    count = np.bincount(place, minlength=season)
    shape = np.bincount(place, ratio, minlength=season) / np.maximum(count, 1)
    shape = np.where(count > 0, shape, 1.0)
    # twice: a mean of means has no corners
    for _ in range(2 if around > 1 else 0):
        reach = around // 2
        wrapped = np.pad(shape, reach, mode="wrap")
        shape = np.convolve(wrapped, np.full(2 * reach + 1, 1 / (2 * reach + 1)), mode="valid")
    shape = np.maximum(shape, _LEAST)
    return np.asarray(shape / shape.mean())
