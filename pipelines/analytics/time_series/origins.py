"""The days of the past at which forecasts are made, and what is known of each of them."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pipelines.analytics.time_series.finer import SUMMED, Sums
from pipelines.analytics.time_series.panels import Bools, Floats, Panel
from pipelines.analytics.time_series.patterns import SHORTEST, Words

# Origins that are measured, and those before them at which the first champions are learnt.
ORIGINS: Final = 8
LEARNT: Final = 4


@dataclass(frozen=True, slots=True)
class Origin:
    """What was forecast when `column` periods were known."""

    column: int
    groups: Words
    status: Words
    kinds: Words  # "" where no model forecasts the series
    bands: Words
    models: Words  # [series, horizon], the champions
    is_chosen: Bools  # [series], whether that was chosen by what had come true
    mean: Floats  # [series, horizon]
    naive: Floats
    spread: Floats  # [series]
    width: Floats  # [series, horizon], what an interval's width is a multiple of
    seasonal_mae: Floats  # [series], of the seasonal naive forecast in sample: MASE's denominator
    is_signed: Bools  # [series], whether it was ever below zero
    come: Floats  # [series], what of the first period had come

    def until(self, steps: int) -> "Origin":
        """The first steps alone."""
        first = {
            name: getattr(self, name)[:, :steps] for name in ("models", "mean", "naive", "width")
        }
        return replace(self, **first)


def origin_columns(panel: Panel, season: int, horizon: int, apart: int) -> list[int]:
    """The columns at which the past is forecast, the earliest first."""
    if not len(panel.start):
        return []
    typical = int(np.quantile(panel.length - panel.start, 0.75))
    return [panel.length - back for back in periods_back(typical, season, horizon, apart)]


def periods_back(length: int, season: int, horizon: int, apart: int) -> list[int]:
    """How many of the last periods each origin does not know, the earliest origin first.

    So far `apart`, and closer where the history is short, so that at least the first steps of the
    horizon are seen often enough: also when the first origins have taught the first champions. Of a
    long one the last `ORIGINS` are those to be measured.
    """
    least = 2 * season if length >= 2 * season + horizon else max(SHORTEST, min(horizon, season))
    room = length - least
    if room <= 0:
        return []
    apart = min(apart, -(-room // (ORIGINS + LEARNT)))
    # whole seasons where there is room for one
    apart -= apart % season if apart > season else 0
    count = min(ORIGINS, room // apart)
    if count == ORIGINS:
        # champions are learnt at origins that leave half of the history to the models
        count += min(LEARNT, max(0, length // 2 // apart - count))
    return [apart * back for back in range(count, 0, -1)]


def summed_up(origin: Origin, sums: Sums) -> Origin:
    """The origin with what finer periods add up to in place of what it says of the same ones.

    Of a period that has begun the naive forecast, too, knows what came, and the rest of it is what
    may scatter, with the root of its share.
    """
    is_told = np.isfinite(sums.mean)
    naive, width = origin.naive.copy(), origin.width.copy()
    naive[:, 0] = sums.come + sums.to_come * naive[:, 0]
    width[:, 0] *= np.sqrt(sums.to_come)
    return replace(
        origin,
        mean=np.where(is_told, sums.mean, origin.mean),
        models=np.where(is_told, SUMMED, origin.models),
        naive=naive,
        width=width,
        come=sums.come,
    )


def actuals(panel: Panel, column: int, horizon: int) -> Floats:
    """What came in the periods after the column [series, horizon], NaN where it is not known."""
    came = panel.known[:, column : column + horizon]
    return np.pad(came, ((0, 0), (0, horizon - came.shape[1])), constant_values=np.nan)
