"""Forecasts of the past, made from what was known at each of several days, and their champions.

At every origin a model sees the columns before it, and a champion is chosen by the errors that
were known by then, so what came later cannot change what was forecast (Tashman 2000, Out-of-sample
tests of forecasting accuracy, International Journal of Forecasting 16).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.analytics.time_series import adding_up, ladder
from pipelines.analytics.time_series.champions import Compared, champions
from pipelines.analytics.time_series.finer import Sums
from pipelines.analytics.time_series.lifts import lifted
from pipelines.analytics.time_series.origins import Origin, actuals, summed_up
from pipelines.analytics.time_series.panels import Bools, Floats, Panel
from pipelines.analytics.time_series.patterns import (
    FADED,
    LONGER,
    NO_VALUES,
    SHORT,
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

# A period that was open for less says little of a whole one.
_LEAST_OPEN: Final = 0.1
Progress = Callable[[str, int, int], None]
# From (column, classes) the forecasts [series, horizon] of the model of all series.
Together = Callable[[int, Words], Floats]


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
    sums: Mapping[int, Sums] = field(default_factory=dict)  # by column, what finer periods sum to

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
        panel, sums = self.panel, self.sums.get(column)
        filled = panel.filled[:, :column]
        start = np.minimum(panel.start, column)
        status, rule, of_rule = self._states(column, start, sums)
        # "" is the class of series that no model forecasts
        kinds = np.where(has_model(status), classes(filled, start, self.season, panel.groups), "")
        chosen = champions(column, past, self.season, self.horizon)
        names = self._named(kinds, chosen)
        told = self._told(filled, start, kinds, names)
        mean, naive = self._chosen(told, names, kinds)
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
            np.broadcast_to(names[:, None], mean.shape),
            np.isin(kinds, list(chosen)),
            mean,
            naive,
            width,
            width[:, None] * scaled(mean, level, is_signed),
            seasonal_scale(filled, start, self.season),
            is_signed,
            np.zeros(len(mean)),
        )
        return told, ways, origin if sums is None else summed_up(origin, sums)

    def _states(
        self, column: int, start: NDArray[np.int64], sums: Sums | None
    ) -> tuple[Words, Floats, Words]:
        """What is to be known of each series, and what is forecast of those without a model.

        What has faded by finer periods has faded, and what began within the first one is short: it
        goes on as the last of them say.
        """
        known = self.panel.known[:, :column]
        status = statuses(known, start, self.season, self.horizon)
        if sums is None:
            return status, *by_status(known, status, self.season, self.horizon)
        last = sums.last()
        is_new = (status == NO_VALUES) & np.isfinite(last)
        status = np.select([sums.is_faded, is_new], [FADED, SHORT], status)
        rule, of_rule = by_status(known, status, self.season, self.horizon)
        return status, np.where(sums.is_faded | is_new, last, rule), of_rule

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
        # what the pool has of the longer season is taken out before any model but the naive ones
        # learns: models without it may be the best of a summer, and miss Christmas
        longer = LONGER.get(self.season, 1)
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
