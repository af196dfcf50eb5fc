"""Which models forecast a class of series: those of the least errors at the origins of the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.analytics.time_series import ladder
from pipelines.analytics.time_series.panels import Floats
from pipelines.analytics.time_series.patterns import Words

# Models whose mean is the forecast: of a few good ones it is better than the best (Makridakis,
# Spiliotis and Assimakopoulos 2020, The M4 competition, International Journal of Forecasting 36).
_TOGETHER: Final = 2
# Forecasts, of a series at an origin each, below which a lower error than the naive one is luck.
_LEAST_COMPARED: Final = 4


@dataclass(frozen=True, slots=True)
class Compared:
    """The errors of an origin [series tried, horizon] by model, in spreads; NaN where unknown.

    `added_up` [way and naive, group, horizon] are those of the ways to make the means add up.
    """

    column: int
    kinds: Words
    errors: dict[str, Floats]
    added_up: Floats


def champions(column: int, past: Sequence[Compared], season: int, horizon: int) -> dict[str, str]:
    """By class the models of the least errors; the naive one where none is below it.

    Errors are compared over the same series, origins and steps: relative to the naive
    forecast's they are the MASE (RMSSE, squared) of that time, and below 1 or not chosen. The
    mean of models below it is below it, too, for errors are convex.
    """
    found = {}
    for kind in {str(each) for one in past for each in one.kinds}:
        naive = ladder.naive_of(kind, season)
        errors: dict[str, list[Floats]] = {}
        of_naive: dict[str, list[Floats]] = {}
        for each in past:
            rows = each.kinds == kind
            seen = min(column - each.column, horizon)  # later steps are not known yet
            for name in each.errors:
                if ladder.is_for(name, kind, season):
                    errors.setdefault(name, []).append(each.errors[name][rows, :seen])
                    of_naive.setdefault(name, []).append(each.errors[naive][rows, :seen])
        compared = sum(int(np.isfinite(one).any(axis=1).sum()) for one in errors[naive])
        mase = {name: _relative(ours, of_naive[name]) for name, ours in errors.items()}
        better = sorted((ratio, name) for name, ratio in mase.items() if ratio < 1)
        best = sorted(name for _, name in better[:_TOGETHER])
        if np.isfinite(mase[naive]):
            is_known = best and compared >= _LEAST_COMPARED
            found[kind] = ladder.AND.join(best) if is_known else naive
    return found


def _relative(errors: list[Floats], of_naive: list[Floats]) -> float:
    """Errors by those of the naive forecast, of all that both have forecast."""
    ours, naive = (np.concatenate([each.ravel() for each in one]) for one in (errors, of_naive))
    both = np.isfinite(ours) & np.isfinite(naive)
    total = float(naive[both].sum())
    if total > 0:
        return float(ours[both].sum()) / total
    return 1.0 if both.any() else float("inf")
