"""Forecasts of the past, made from what was known at each of several days, and their champions.

At every origin a model sees the columns before it, and a champion is chosen by the errors that
were known by then, so what came later cannot change what was forecast (Tashman 2000, Out-of-sample
tests of forecasting accuracy, International Journal of Forecasting 16).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.analytics.time_series import adding_up, ladder
from pipelines.analytics.time_series.champions import Compared, champions
from pipelines.analytics.time_series.lifts import lifted
from pipelines.analytics.time_series.panels import Bools, Floats, Panel
from pipelines.analytics.time_series.patterns import (
    SHORTEST,
    Words,
    bands,
    by_status,
    classes,
    has_model,
    is_sparse,
    repeated,
    statuses,
    tried,
)
from pipelines.analytics.time_series.pooled_season import pooled_season
from pipelines.analytics.time_series.scales import deviation, scaled, seasonal_scale, spread, usual

# Origins that are measured, and those before them at which the first champions are learnt.
ORIGINS: Final = 8
LEARNT: Final = 4
# A period that was open for less says little of a whole one.
_LEAST_OPEN: Final = 0.1
Progress = Callable[[str, int, int], None]
# From (column, classes) the forecasts [series, horizon] of the model of all series.
Together = Callable[[int, Words], Floats]


@dataclass(frozen=True, slots=True)
class Origin:
    """What was forecast when `column` periods were known."""

    column: int
    groups: Words
    status: Words
    kinds: Words  # "" where no model forecasts the series
    bands: Words
    models: Words  # each series' champions
    is_chosen: Bools  # [series], whether that was chosen by what had come true
    mean: Floats  # [series, horizon]
    naive: Floats
    spread: Floats  # [series]
    width: Floats  # [series, horizon], what an interval's width is a multiple of
    seasonal_mae: Floats  # [series], of the seasonal naive forecast in sample: MASE's denominator
    is_signed: Bools  # [series], whether it was ever below zero


def origin_columns(panel: Panel, season: int, horizon: int) -> list[int]:
    """The columns at which the past is forecast, the earliest first."""
    if not len(panel.start):
        return []
    typical = int(np.quantile(panel.length - panel.start, 0.75))
    return [panel.length - back for back in periods_back(typical, season, horizon)]


def periods_back(length: int, season: int, horizon: int) -> list[int]:
    """How many of the last periods each origin does not know, the earliest origin first.

    A horizon apart, and closer where the history is short, so that at least the first steps of the
    horizon are seen often enough: also when the first origins have taught the first champions. Of a
    long one the last `ORIGINS` are those to be measured.
    """
    least = 2 * season if length >= 2 * season + horizon else max(SHORTEST, min(horizon, season))
    room = length - least
    if room <= 0:
        return []
    apart = min(horizon, -(-room // (ORIGINS + LEARNT)))
    count = min(ORIGINS, room // apart)
    if count == ORIGINS:
        # champions are learnt at origins that leave half of the history to the models
        count += min(LEARNT, max(0, length // 2 // apart - count))
    return [apart * back for back in range(count, 0, -1)]


@dataclass(slots=True)
class Walk:
    """The walk over the origins: keeps each model's errors until the next champions are chosen."""

    panel: Panel
    season: int
    horizon: int
    models: Mapping[str, ladder.Model]
    dear: Mapping[str, Collection[str]]
    pools: Words  # [series], whose sum shows the season
    together: Together | None = None
    reconcile: adding_up.Reconcile | None = None
    is_whole: Bools | bool = False  # [series], whose own forecast may stand when all add up

    def origins(self, columns: list[int], progress: Progress) -> Iterator[Origin]:
        """An origin per column; each is chosen by the errors of those before it."""
        past: list[Compared] = []
        for number, column in enumerate(columns):
            progress("origins", number, len(columns))
            told, ways, origin = self._at(column, past)
            past.append(self._compared(origin, told, ways))
            yield origin
        progress("origins", len(columns), len(columns))

    def _at(
        self, column: int, past: list[Compared]
    ) -> tuple[dict[str, Floats], tuple[Floats, Floats], Origin]:
        panel = self.panel
        filled = panel.filled[:, :column]
        start = np.minimum(panel.start, column)
        status = statuses(panel.known[:, :column], start, self.season, self.horizon)
        # "" is the class of series that no model forecasts
        kinds = np.where(has_model(status), classes(filled, start, self.season, panel.groups), "")
        chosen = champions(column, past, self.season, self.horizon)
        names = self._named(kinds, chosen)
        told = self._told(filled, start, kinds, names)
        mean, naive = self._chosen(told, names, kinds)
        rule, of_rule = by_status(panel.known[:, :column], status, self.season, self.horizon)
        names = np.where(kinds == "", of_rule, names)
        mean = np.where((kinds == "")[:, None], rule[:, None], mean)
        # what they are measured by is the same where no model is
        again = repeated(filled, start, self.season, self.horizon)
        naive = np.where((kinds == "")[:, None], again, naive)
        width = spread(filled, start, self.season, self.horizon)
        is_signed: Bools = np.any(filled < 0, axis=1)
        mean = np.where(is_signed[:, None], mean, np.maximum(mean, 0.0))
        ways = self._added_up(mean, filled, start, kinds, chosen)
        mean = ways[adding_up.better(column, [(each.column, each.added_up) for each in past])]
        level = usual(filled, start, self.season, self.horizon)
        origin = Origin(
            column,
            panel.groups,
            status,
            kinds,
            bands(filled, start, panel.groups),
            names,
            np.isin(kinds, list(chosen)),
            mean,
            naive,
            width,
            width[:, None] * scaled(mean, level, is_signed),
            seasonal_scale(filled, start, self.season),
            is_signed,
        )
        return told, ways, origin

    def _added_up(
        self,
        mean: Floats,
        filled: Floats,
        start: NDArray[np.int64],
        kinds: Words,
        chosen: Mapping[str, str],
    ) -> tuple[Floats, Floats]:
        """The means made to add up in two ways; what a status says stands in both.

        The whole's own forecast stands in one, if its champion has beaten the naive one.
        """
        if self.reconcile is None:
            return mean, mean
        doubt = np.where(kinds == "", 0.0, deviation(filled, start, self.season))
        column = filled.shape[1]
        is_closed = self.panel.is_open[:, column : column + self.horizon] == 0
        proven = [
            kind for kind, name in chosen.items() if name != ladder.naive_of(kind, self.season)
        ]
        stands = np.isin(kinds, proven) & self.is_whole
        return adding_up.ways(self.reconcile, mean, doubt, is_closed, stands)

    def _chosen(self, told: dict[str, Floats], names: Words, kinds: Words) -> tuple[Floats, Floats]:
        """What the champions say, and the naive models; NaN of series without a model."""
        mean = np.full((len(kinds), self.horizon), np.nan)
        naive = mean.copy()
        for name in np.unique(names[names != ""]):
            members = [told[each][names == name] for each in str(name).split(ladder.AND)]
            mean[names == name] = np.mean(members, axis=0)
        for kind in np.unique(kinds[kinds != ""]):
            of_kind = kinds == kind
            naive[of_kind] = told[ladder.naive_of(str(kind), self.season)][of_kind]
        # a model that failed on a series leaves it to the naive one
        lost = np.isnan(mean).any(axis=1) & (kinds != "")
        mean[lost] = naive[lost]
        return mean, naive

    def _named(self, kinds: Words, chosen: Mapping[str, str]) -> Words:
        """Each series' champion, or the first choice of a class of which nothing is known yet."""
        return np.array(
            [
                chosen.get(str(kind), ladder.first_choice(str(kind), self.season)) if kind else ""
                for kind in kinds
            ]
        )

    def _told(
        self, filled: Floats, start: NDArray[np.int64], kinds: Words, names: Words
    ) -> dict[str, Floats]:
        """By model its forecasts; nothing is sold where all is closed."""
        panel = self.panel
        # of the future nothing will be compared
        asked = ladder.Asked(kinds, names, tried(kinds) & (filled.shape[1] < panel.length))
        ahead = filled.shape[1] + self.horizon
        lift = lifted(filled, panel.drivers[:, :ahead], panel.groups, self.season)
        # what was all closed is not known, and has the value of a whole period
        is_open = panel.is_open[:, :ahead]
        if (is_open < 1).any():
            lift = lift * np.where(is_open == 0, 1.0, np.maximum(is_open, _LEAST_OPEN))
        calm = filled / lift[:, : filled.shape[1]]
        shape = pooled_season(calm, self.pools, self.season, self.horizon)
        longer = ladder.LONGER.get(self.season, 1)
        # an hour of a week is one of the day, too, and often seen; a day of a year is neither
        around = 2 * self.season + 1 if longer % self.season else 1
        long_shape = pooled_season(calm, self.pools, longer, self.horizon, around=around)
        seen = ladder.Seen(filled, start, lift, shape, long_shape)
        told = ladder.run(self.models, seen, asked, self.season, self.horizon, self.dear)
        is_wanted = asked.is_tried.any() or any(
            ladder.GLOBAL in each for each in np.unique(asked.champions)
        )
        if self.together is not None and is_wanted:
            told[ladder.GLOBAL] = self.together(filled.shape[1], asked.kinds)
        for name, each in told.items():
            told[name] = np.where(is_open[:, filled.shape[1] :] == 0, 0.0, each)
        return told

    def _compared(
        self, origin: Origin, told: dict[str, Floats], ways: tuple[Floats, Floats]
    ) -> Compared:
        """The errors of the series that all models were tried on.

        Of sparse demand they are squared: the absolute error is least for a forecast of nothing
        (Kolassa 2016, Evaluating predictive count data distributions in retail sales forecasting,
        International Journal of Forecasting 32).
        """
        rows = np.flatnonzero(tried(origin.kinds) & (origin.spread > 0))
        came = actuals(self.panel, origin.column, self.horizon)
        actual = came[rows]
        scale = origin.spread[rows, None]
        power = np.where(is_sparse(origin.kinds[rows]), 2, 1)[:, None]
        errors = {
            name: (np.abs(each[rows] - actual) / scale) ** power for name, each in told.items()
        }
        added_up = adding_up.errors_of([*ways, origin.naive], came, origin.groups)
        return Compared(origin.column, origin.kinds[rows], errors, added_up)


def actuals(panel: Panel, column: int, horizon: int) -> Floats:
    """What came in the periods after the column [series, horizon], NaN where it is not known."""
    came = panel.known[:, column : column + horizon]
    return np.pad(came, ((0, 0), (0, horizon - came.shape[1])), constant_values=np.nan)
