"""Forecasts that add up in one of two ways, of which the past tells the better.

Parts err together, which variances of each by itself do not show: what all of them miss, a peak or
the year, outweighs the whole's own forecast though that may have seen it. So the whole's forecast
stands where its champion has beaten the naive one, and the parts give way (Di Fonzo and Girolimetto
2024, Forecast combination-based forecast reconciliation, International Journal of Forecasting 40:
level-conditional coherence), unless it was better that all give way.
"""

from collections.abc import Callable, Sequence

import numpy as np

from pipelines.analytics.time_series.panels import Bools, Floats
from pipelines.analytics.time_series.patterns import Words

# Of means [series, horizon] and how much each series is to be doubted, those that add up.
Reconcile = Callable[[Floats, Floats], Floats]


def ways(
    reconcile: Reconcile, mean: Floats, doubt: Floats, is_closed: Bools, stands: Bools
) -> tuple[Floats, Floats]:
    """The means where the wholes' own stand, and where all give way; what is closed stays so.

    `is_closed` [series, horizon]; `doubt` [series] is zero of what is to be kept in both.
    """
    giving = _of_patterns(reconcile, mean, doubt, is_closed)
    if not stands.any():
        return giving, giving
    return _of_patterns(reconcile, mean, np.where(stands, 0.0, doubt), is_closed), giving


def _of_patterns(reconcile: Reconcile, mean: Floats, doubt: Floats, is_closed: Bools) -> Floats:
    found = mean.copy()
    patterns, place = np.unique(is_closed, axis=1, return_inverse=True)
    for number in range(patterns.shape[1]):
        steps = np.flatnonzero(place.ravel() == number)
        found[:, steps] = reconcile(mean[:, steps], np.where(patterns[:, number], 0.0, doubt))
    return found


def errors_of(told: Sequence[Floats], came: Floats, groups: Words) -> Floats:
    """Summed absolute errors of each forecast by group [forecast, group, horizon]."""
    names = np.unique(groups)
    found = np.zeros((len(told), len(names), came.shape[1]))
    for number, each in enumerate(told):
        error = np.nan_to_num(np.abs(each - came))
        for place, name in enumerate(names):
            found[number, place] = error[groups == name].sum(axis=0)
    return found


def better(column: int, past: Sequence[tuple[int, Floats]]) -> int:
    """Which of the two ways had the lower errors by those of the naive forecast; the first if none.

    Mean over groups, so that many small series weigh no more than the whole. `past` has the column
    of each origin and the errors of the ways and of the naive forecast; of steps that came true
    before `column` alone.
    """
    total = sum(
        (each[:, :, : max(column - origin, 0)].sum(axis=2) for origin, each in past),
        start=np.zeros((3, 1)),
    )
    known = total[2] > 0
    if not known.any():
        return 0
    return int(np.argmin((total[:2, known] / total[2, known]).mean(axis=1)))
