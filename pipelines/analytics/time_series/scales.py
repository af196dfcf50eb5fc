"""What an error is measured in, from what was known when the forecast was made."""

import numpy as np
from numpy.typing import NDArray

from pipelines.analytics.time_series.panels import Floats


def seasonal_scale(filled: Floats, start: NDArray[np.int64], lag: int, power: int = 1) -> Floats:
    """Mean |y(t) - y(t - lag)| ^ power of each series, NaN where it is not longer than the lag.

    With the season as lag it is the denominator of MASE (Hyndman and Koehler 2006, Another look at
    measures of forecast accuracy, International Journal of Forecasting 22).
    """
    if filled.shape[1] <= lag:
        return np.full(len(filled), np.nan)
    distance = np.abs(filled[:, lag:] - filled[:, :-lag]) ** power
    is_in = np.arange(lag, filled.shape[1])[None, :] >= (start + lag)[:, None]
    count = is_in.sum(axis=1)
    total = np.where(is_in, distance, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def settled(values: Floats) -> Floats:
    """Ten digits of each value: the last ones of a double depend on where in memory a sum ran."""
    size = np.abs(values)
    exponent = np.floor(np.log10(np.where((size > 0) & np.isfinite(size), size, 1.0)))
    factor = 10.0 ** (9 - exponent)
    return np.asarray(np.round(values * factor) / factor)


def spread(filled: Floats, start: NDArray[np.int64], season: int, horizon: int) -> Floats:
    """How far a series moves from season to season [series]: lately, and ever, half and half.

    What is late tells best how wide an interval must be; what is ever is not zero because nothing
    was sold lately.
    """
    lag = season if filled.shape[1] > season else 1
    ever = seasonal_scale(filled, start, lag)
    ever = np.where(np.isfinite(ever), ever, seasonal_scale(filled, start, 1))
    first = max(0, filled.shape[1] - 4 * max(season, horizon) - lag)
    late = seasonal_scale(filled[:, first:], np.maximum(start - first, 0), lag)
    return (ever + np.where(np.isfinite(late), late, ever)) / 2


def deviation(filled: Floats, start: NDArray[np.int64], season: int) -> Floats:
    """The root of the mean square of a series' moves from season to season [series].

    A part that seldom sells moves little on average and far at times: errors add up as squares.
    """
    lag = season if filled.shape[1] > season else 1
    found = seasonal_scale(filled, start, lag, power=2)
    again = seasonal_scale(filled, start, 1, power=2)
    return np.asarray(np.sqrt(np.where(np.isfinite(found), found, again)))


def usual(filled: Floats, start: NDArray[np.int64], season: int, horizon: int) -> Floats:
    """What a series sells in a period [series], lately and ever, half and half, as its spread."""
    columns = np.arange(filled.shape[1])
    is_in = columns[None, :] >= start[:, None]
    late = is_in & (columns >= filled.shape[1] - 4 * max(season, horizon))
    parts = [
        np.where(each, filled, 0.0).sum(axis=1) / np.maximum(each.sum(axis=1), 1)
        for each in (is_in, late)
    ]
    return np.asarray((parts[0] + parts[1]) / 2)


def scaled(mean: Floats, level: Floats, is_signed: NDArray[np.bool_]) -> Floats:
    """How much wider a period scatters than usual [series, horizon]: as the root of its mean."""
    ratio = np.divide(
        np.maximum(mean, 0), level[:, None], out=np.ones_like(mean), where=level[:, None] > 0
    )
    # beyond tenfold either way it is the series that changed, not its noise
    found: Floats = np.where(is_signed[:, None], 1.0, np.sqrt(np.clip(ratio, 0.1, 10)))
    return found
