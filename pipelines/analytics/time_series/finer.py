"""What finer periods add up to: days to weeks and months, so that one forecast has one value.

Bottom-up in time: of temporally aggregated series the forecast is the sum of that of the finer ones
(Athanasopoulos, Hyndman, Kourentzes and Petropoulos 2017, Forecasting with temporal hierarchies,
European Journal of Operational Research 262), of which more is known and seen more often.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.analytics.time_series.panels import Bools, Floats

SUMMED: Final = "Summed"


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the periods after a moment what finer ones add up to; the first one may have begun."""

    ids: Mapping[object, int]  # the row of each series
    mean: Floats  # [series, period], with what had come of the first one
    come: Floats  # [series], what had come of the first one
    to_come: float  # the share of the first period that had not come
    is_faded: Bools  # [series]

    def is_whole(self) -> bool:
        """Whether every period is known of every series that had begun."""
        is_known = np.isfinite(self.mean)
        return bool((is_known.all(axis=1) | ~is_known.any(axis=1)).all())

    def last(self) -> Floats:
        """What the last period that is known brings [series], NaN of a series without one."""
        count = np.isfinite(self.mean).sum(axis=1)
        found: Floats = self.mean[np.arange(len(self.mean)), np.maximum(count - 1, 0)]
        return found

    def of(self, ids: Sequence[object], horizon: int) -> "Sums":
        """Those of the series in the order given, NaN where a series or period is not known."""
        rows = np.array([self.ids.get(each, -1) for each in ids], dtype=np.int64)
        has, reach = rows >= 0, min(horizon, self.mean.shape[1])
        mean = np.full((len(rows), horizon), np.nan)
        mean[:, :reach] = np.where(has[:, None], self.mean[rows, :reach], np.nan)
        return Sums(
            {each: row for row, each in enumerate(ids)},
            mean,
            np.where(has, self.come[rows], 0.0),
            self.to_come,
            has & self.is_faded[rows],
        )


def summed(
    ids: Sequence[object], come: Floats, mean: Floats, period: Sequence[int], is_faded: Bools
) -> Sums:
    """The sums by period of what came since the first one began and of what is foretold after it.

    `come` [series, finer] and `mean` [series, finer] follow each other; `period` numbers the period
    that each column of both is in, from 0. The last one may be cut off and has to be left out.
    """
    values = np.hstack([np.nan_to_num(come), mean])
    number = np.asarray(period)
    totals = np.stack(
        [values[:, number == each].sum(axis=1) for each in range(int(number.max()) + 1)], axis=1
    )
    of_first = int((number == 0).sum())
    return Sums(
        {each: row for row, each in enumerate(ids)},
        totals,
        values[:, : come.shape[1]].sum(axis=1),
        1 - come.shape[1] / of_first,
        is_faded,
    )
