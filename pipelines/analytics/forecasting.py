"""Forecasts with intervals that were earned: what was forecast in the past decides on both.

`forecast` and `backtest` take any frame of series and know nothing of the warehouse.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics.time_series import ladder
from pipelines.analytics.time_series.accuracy import compared
from pipelines.analytics.time_series.adding_up import Reconcile
from pipelines.analytics.time_series.finer import Sums
from pipelines.analytics.time_series.frequencies import InvalidSeriesError, frequency_of
from pipelines.analytics.time_series.global_model import global_model
from pipelines.analytics.time_series.intervals import Interval, Scores, intervals, scores_of
from pipelines.analytics.time_series.origins import ORIGINS, Origin, origin_columns
from pipelines.analytics.time_series.panels import Panel, panel_of
from pipelines.analytics.time_series.published import told
from pipelines.analytics.time_series.rolling_origins import Progress, Together, Walk

__all__ = ["InvalidSeriesError", "Settings", "Walked", "backtest", "forecast", "walked"]


def _silent(_: str, __: int, ___: int) -> None:
    """Nobody is told how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What may be chosen beside the series.

    `dear_values` is how many values of a group AutoTheta may be fitted to, a tenth of a millisecond
    each, and AutoETS to a sixth of them; `is_pooled` whether LightGBM learns from all series.
    `reconcile` makes the means of each origin add up, given them and the series' spreads; of the
    `wholes` the own forecast stands where that was better. Series of one of the `groups`, by
    unique_id, share champions and intervals with each other only; of the `seasons`, what the sum
    of them shows of the season.
    `apart` is how many periods lie between origins at most, the horizon if nothing is said; `steps`
    how many of the horizon are told, all if nothing is said. `sums`, by how many of the last
    periods an origin does not know, are forecasts of finer periods that stand for those of these
    periods as far as they reach; its keys are the origins, 0 among them.
    `progress` is told a phase, how much of it is done and how much there is.
    """

    dear_values: int = 300_000
    is_pooled: bool = True
    reconcile: Reconcile | None = None
    wholes: Collection[object] = ()
    groups: Mapping[object, str] | None = None
    seasons: Mapping[object, str] | None = None
    apart: int | None = None
    steps: int | None = None
    sums: Mapping[int, Sums] = field(default_factory=dict)
    seed: int = 0
    progress: Progress = _silent


_DEFAULT: Final = Settings()


def forecast(
    frame: pl.DataFrame,
    frequency: str | int,
    season: int,
    horizon: int,
    levels: Sequence[float] = (80, 90),
    *,
    ahead: pl.DataFrame | None = None,
    settings: Settings = _DEFAULT,
) -> pl.DataFrame:
    """The next `horizon` values of each series, a row per level, with an interval or why none.

    Args:
        frame: `unique_id ds y`, in any order; a period without a row, or with a null or NaN, is not
            known. Further columns are drivers, numbers that are known ahead (holidays, promotions).
        frequency: hour, day, week, month, quarter, year, also 15min, 1d or MS; a whole number where
            ds counts periods.
        season: Periods after which a series resembles itself: 7 for days, 12 for months, else 1.
        horizon: Periods to forecast.
        levels: Percent that an interval is to hold, 80 or 0.8.
        ahead: `unique_id ds` and the drivers of the periods to forecast.
        settings: What else may be chosen.

    Returns:
        `unique_id ds y_mean y_lower y_upper interval_level model size_band status
        interval_status`, where `size_band` is the third of its group by size, `status` is ok,
        no_season, new, few_sales, short, constant, faded, ended, all_zero or no_values, and
        `interval_status` is published, too_few_origins, too_sparse, or the status for which there
        is none.

    Raises:
        InvalidSeriesError: the frame is none of such series.
    """
    shares = _shares(season, horizon, levels)
    panel = panel_of(frame, frequency_of(frequency), season, horizon, ahead, settings.groups)
    # the last one alone: those of the past are as large again, each
    (now,) = deque(_walked(panel, season, horizon, shares, settings), maxlen=1)
    return told(panel, *_shown(now, settings), shares)


def backtest(
    frame: pl.DataFrame,
    frequency: str | int,
    season: int,
    horizon: int,
    levels: Sequence[float] = (80, 90),
    *,
    ahead: pl.DataFrame | None = None,
    settings: Settings = _DEFAULT,
) -> pl.DataFrame:
    """What was forecast at origins of the past and what came, a row per level.

    Champions and intervals of an origin are those that were known at it.

    Returns:
        `unique_id ds periods_back step y y_mean y_naive y_lower y_upper interval_level model
        size_band seasonal_mae`, where `periods_back` is how many of the series' last periods were
        not known yet, and the bounds are null where an interval could not be published.
    """
    return walked(
        frame, frequency, season, horizon, levels, ahead=ahead, settings=settings
    ).behind()


@dataclass(frozen=True, slots=True)
class Walked:
    """A walk over the origins of the past to the present, the last one, with their intervals."""

    panel: Panel
    shares: Mapping[float, float]
    settings: Settings
    origins: Sequence[tuple[Origin, list[Interval]]]

    def ahead(self) -> pl.DataFrame:
        """What `forecast` returns."""
        return told(self.panel, *_shown(self.origins[-1], self.settings), self.shares)

    def behind(self) -> pl.DataFrame:
        """What `backtest` returns."""
        past = [_shown(each, self.settings) for each in self.origins[:-1]]
        return compared(self.panel, past[-ORIGINS:], self.shares)


def walked(
    frame: pl.DataFrame,
    frequency: str | int,
    season: int,
    horizon: int,
    levels: Sequence[float] = (80, 90),
    *,
    ahead: pl.DataFrame | None = None,
    settings: Settings = _DEFAULT,
) -> Walked:
    """What `forecast` and `backtest` return, of one walk over the origins."""
    shares = _shares(season, horizon, levels)
    panel = panel_of(frame, frequency_of(frequency), season, horizon, ahead, settings.groups)
    origins = list(_walked(panel, season, horizon, shares, settings))
    return Walked(panel, shares, settings, origins)


def _shown(one: tuple[Origin, list[Interval]], settings: Settings) -> tuple[Origin, list[Interval]]:
    """The steps that are told of an origin."""
    origin, found = one
    return origin.until(settings.steps or origin.mean.shape[1]), found


def _walked(
    panel: Panel, season: int, horizon: int, shares: Mapping[float, float], settings: Settings
) -> Iterator[tuple[Origin, list[Interval]]]:
    """The origins with their intervals, the last one that of the forecast itself."""
    past: list[Scores] = []
    for origin in _origins(panel, season, horizon, settings):
        shown = origin.until(settings.steps or horizon)
        told_then = intervals(shown, past, list(shares))
        yield origin, told_then
        past.append(scores_of(panel, shown, told_then))


def _origins(panel: Panel, season: int, horizon: int, settings: Settings) -> Iterator[Origin]:
    """The origins, the last one that of the forecast itself."""
    sums = {
        panel.length - back: each.of(panel.ids, horizon) for back, each in settings.sums.items()
    }
    columns = sorted(column for column in sums if 0 < column < panel.length)
    columns = columns or origin_columns(panel, season, horizon, settings.apart or horizon)
    is_summed = bool(sums) and all(each.is_whole() for each in sums.values())
    walk = Walk(
        panel,
        season,
        horizon,
        ladder.plain(season) if is_summed else ladder.models(season),
        _affordable(panel, columns, settings.dear_values),
        np.array([(settings.seasons or {}).get(each, "") for each in panel.ids], dtype=np.str_),
        _pooled(panel, columns, season, horizon, settings),
        None if is_summed else settings.reconcile,
        np.array([each in settings.wholes for each in panel.ids], dtype=np.bool_),
        sums,
    )
    return walk.origins([*columns, panel.length], settings.progress)


def _shares(season: int, horizon: int, levels: Sequence[float]) -> dict[float, float]:
    """By share the level as it was given.

    Raises:
        InvalidSeriesError: season, horizon or a level is impossible.
    """
    for name, number in (("season", season), ("horizon", horizon)):
        if not isinstance(number, (int, np.integer)) or number < 1:
            raise InvalidSeriesError(f"{name} is {number!r}; it must be a whole number from 1")
    numbers = levels if isinstance(levels, Sequence) else []
    is_right = [
        isinstance(level, (int, float)) and 0 < (level if level < 1 else level / 100) < 1
        for level in numbers
    ]
    if not is_right or not all(is_right):
        raise InvalidSeriesError(
            f"levels are {levels!r}; they must be percentages between 0 and 100, at least one"
        )
    # a column of them is of one type
    kind = int if all(isinstance(level, int) for level in levels) else float
    shares = {(level if level < 1 else level / 100): kind(level) for level in levels}
    return dict(sorted(shares.items()))


def _affordable(panel: Panel, columns: Sequence[int], most: int) -> dict[str, set[str]]:
    """By group the dear models that may run: known before, so that no clock decides on them."""
    values = sum((np.maximum(column - panel.start, 0) for column in columns), panel.start * 0)
    return {
        str(group): {
            name
            for name, times in ladder.DEAR.items()
            if values[panel.groups == group].sum() * times <= most
        }
        for group in np.unique(panel.groups)
    }


def _pooled(
    panel: Panel, columns: Sequence[int], season: int, horizon: int, settings: Settings
) -> Together | None:
    """The model of all series: fitted on what lies before the first origin, then on everything."""
    if not settings.is_pooled or not columns:
        return None
    past = global_model(panel, season, horizon, columns[0], settings.seed)
    if past is None:
        return None

    def ask(column: int, kinds: np.ndarray) -> np.ndarray:
        if column < panel.length:
            return past(column, kinds)
        now = global_model(panel, season, horizon, column, settings.seed)
        return (now or past)(column, kinds)

    return ask
