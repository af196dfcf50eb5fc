"""The models of single series, from the plainest to the dearest, with statsforecast.

The library is imported where a forecast is made and not before: it takes a second and 200 MB.
"""

import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipelines.analytics.time_series.panels import Bools, Floats
from pipelines.analytics.time_series.patterns import SEASONLESS, Words

SEASONAL_NAIVE: Final = "SeasonalNaive"
NAIVE: Final = "Naive"
GLOBAL: Final = "LightGBM"
# Between the names of models whose mean is the forecast.
AND: Final = " + "
# Smoothing of what is left without the season that the series' pool has in common.
POOLED: Final = "Pooled"
# AutoETS knows no longer season (Hyndman and others 2008).
_LONGEST_SEASON_ETS: Final = 24
# What a year changed is followed by the slow one, what a month changed by the fast one.
_SMOOTHING: Final = (0.02, 0.1, 0.3)
_FOR_SPARSE: Final = ("TSB",)
# Models that take a hundred times as long as the others and more: how many times as AutoTheta.
DEAR: Final = {"Theta": 0.1, "AutoTheta": 1, "AutoETS": 6}

# What the library raises of a series that is too short or too even for the model.
_UNFIT: Final = (NotImplementedError, ValueError, ZeroDivisionError, IndexError)

Model = Callable[[Floats, int], Floats]


def models(season: int) -> dict[str, Model]:
    """By name the models for a season; those of a season of one are for series too short for it."""
    from statsforecast import models as library  # noqa: PLC0415 - see above

    found = {
        NAIVE: library.Naive(),
        "WindowAverage": library.WindowAverage(window_size=SHORTEST_WINDOW),
        "TSB": library.TSB(alpha_d=0.1, alpha_p=0.1),
        **{f"SES{each:g}": library.SimpleExponentialSmoothing(each) for each in _SMOOTHING},
    }
    if season > 1:
        found |= {
            f"{POOLED}SES{each:g}": library.SimpleExponentialSmoothing(each) for each in _SMOOTHING
        }
        found |= {
            SEASONAL_NAIVE: library.SeasonalNaive(season),
            **{
                f"SeasonalES{each:g}": library.SeasonalExponentialSmoothing(season, each)
                for each in _SMOOTHING
            },
        }
    found["Theta"] = library.Theta(season_length=season)
    found["AutoTheta"] = library.AutoTheta(season_length=season)
    if season <= _LONGEST_SEASON_ETS:
        found["AutoETS"] = library.AutoETS(season_length=season)
    return {name: _asked(model) for name, model in found.items()}


def plain(season: int) -> dict[str, Model]:
    """The models that others are compared with, and those of a class of which nothing is known."""
    found = models(season)
    return {name: found[name] for name in (NAIVE, SEASONAL_NAIVE, *_FOR_SPARSE) if name in found}


def _asked(model: Any) -> Model:
    def run(y: Floats, horizon: int) -> Floats:
        try:
            return np.asarray(model.forecast(y=y, h=horizon)["mean"], dtype=np.float64)
        except _UNFIT:
            return np.full(horizon, np.nan)

    return run


SHORTEST_WINDOW: Final = 4


def naive_of(kind: str, season: int) -> str:
    """The model that a champion of the class has to beat."""
    return NAIVE if season == 1 or SEASONLESS in kind else SEASONAL_NAIVE


def first_choice(kind: str, season: int) -> str:
    """The model of a class of which no forecast has come true yet."""
    if kind.startswith(("intermittent", "lumpy")):
        return "TSB"
    return naive_of(kind, season)


def is_for(name: str, kind: str, season: int) -> bool:
    """Whether the model is a candidate for the class."""
    is_sparse = kind.startswith(("intermittent", "lumpy"))
    has_season = naive_of(kind, season) == SEASONAL_NAIVE
    if name in _FOR_SPARSE:
        return is_sparse
    if name in DEAR:
        return not is_sparse and (has_season or season == 1)
    return has_season or "Seasonal" not in name


def parts_of(champion: str) -> set[str]:
    """The models that must be run to know the champion, and what it has to beat."""
    return {NAIVE, SEASONAL_NAIVE, *champion.split(AND)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What each series is to be forecast by: those that are tried by all models of their class.

    The others by their champion and the naive models alone; "" is the class of those without any.
    """

    kinds: Words
    champions: Words
    is_tried: Bools


@dataclass(frozen=True, slots=True)
class Seen:
    """What the models are shown of the series: values up to an origin, and what is in them.

    `lift`, `shape` and `long_shape` [series, periods + horizon] are what drivers bring and the
    season and the longer season that the series' pools have in common.
    """

    filled: Floats  # [series, periods]
    start: NDArray[np.int64]
    lift: Floats
    shape: Floats
    long_shape: Floats

    def by(self, name: str, rows: NDArray[np.int64]) -> Floats:
        """The values as a model learns them: the naive ones with everything, others without."""
        return self.filled[rows] / self.what_is_in(name, rows)[:, : self.filled.shape[1]]

    def what_is_in(self, name: str, rows: NDArray[np.int64]) -> Floats:
        """What is taken out before a model learns, and put in again where it forecasts."""
        if name in (NAIVE, SEASONAL_NAIVE):
            return np.ones_like(self.lift[rows])
        found = self.lift[rows] * self.long_shape[rows]
        return found * self.shape[rows] if name.startswith(POOLED) else found


def run(
    ladder: Mapping[str, Model],
    seen: Seen,
    asked: Asked,
    season: int,
    horizon: int,
    dear: Mapping[str, Collection[str]],
) -> dict[str, Floats]:
    """By model the forecasts [series, horizon] of series whose class it is for, NaN of others.

    `dear` names by group the dear models that may run.
    """
    found = {}
    for name, model in ladder.items():
        rows = _rows_of(name, asked, season, dear)
        values = seen.by(name, rows)
        found[name] = np.full((len(asked.kinds), horizon), np.nan)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for series, known in zip(rows, values, strict=True):
                found[name][series] = model(known[seen.start[series] :], horizon)
        found[name][rows] *= seen.what_is_in(name, rows)[:, values.shape[1] :]
    return found


def _rows_of(
    name: str, asked: Asked, season: int, dear: Mapping[str, Collection[str]]
) -> NDArray[np.int64]:
    """The series that a model forecasts."""
    found = np.zeros(len(asked.kinds), dtype=np.bool_)
    for kind in np.unique(asked.kinds[asked.kinds != ""]):
        rows = asked.kinds == kind
        may_run = name not in DEAR or name in dear[str(kind).partition("@")[2]]
        if may_run and is_for(name, str(kind), season):
            is_champion = name in parts_of(str(asked.champions[rows][0]))
            found |= rows if is_champion else rows & asked.is_tried
    return np.flatnonzero(found)
