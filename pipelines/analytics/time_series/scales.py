"""What an error is measured in, from what was known when the forecast was made."""

import numpy as np
from numpy.typing import NDArray

from pipelines.analytics.time_series.panels import Floats


def seasonal_scale(filled: Floats, start: NDArray[np.int64], lag: int) -> Floats:
    """Mean |y(t) - y(t - lag)| of each series, NaN where it is not longer than the lag.

    With the season as lag it is the denominator of MASE (Hyndman and Koehler 2006, Another look at
    measures of forecast accuracy, International Journal of Forecasting 22).
    """
    if filled.shape[1] <= lag:
        return np.full(len(filled), np.nan)
    distance = np.abs(filled[:, lag:] - filled[:, :-lag])
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
