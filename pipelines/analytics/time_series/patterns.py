"""What kind of series each is: by how its demand comes, by its size, and what is wrong with it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.analytics.time_series.panels import Bools, Floats

Words = NDArray[np.str_]

# Syntetos, Boylan and Croston (2005), On the categorization of demand patterns, Journal of the
# Operational Research Society 56: mean interval between demands, squared coefficient of variation.
_INTERVAL: Final = 1.32
_VARIATION: Final = 0.49
BANDS: Final = ("large", "medium", "small")
# Periods from which a model can be fitted at all.
SHORTEST: Final = 4
_HALF: Final = 0.5
# Faded: of the same periods a season ago this is left, of a series that sold in most before.
_FADED_TO: Final = 0.05
_STEADY: Final = 0.9
# Series of a class that all models are tried on: their errors are thousands, more say no more.
MOST_TRIED: Final = 300
SEASONLESS: Final = "_without_season"
FADED: Final = "faded"
SHORT: Final = "short"
NO_VALUES: Final = "no_values"
# By the season of a series its longer one, a year of days or a week of hours, halves and quarters
# of an hour.
LONGER: Final = {7: 365, 24: 168, 48: 336, 96: 672}


def patterns(filled: Floats, start: NDArray[np.int64]) -> Words:
    """smooth, erratic, intermittent or lumpy, of each series of the columns given."""
    is_in = np.arange(filled.shape[1])[None, :] >= start[:, None]
    sold = is_in & (filled != 0)
    count = np.maximum(sold.sum(axis=1), 1)
    interval = is_in.sum(axis=1) / count
    mean = np.where(sold, filled, 0.0).sum(axis=1) / count
    variance = np.where(sold, (filled - mean[:, None]) ** 2, 0.0).sum(axis=1) / count
    varied = variance > _VARIATION * mean**2
    return np.where(
        interval < _INTERVAL,
        np.where(varied, "erratic", "smooth"),
        np.where(varied, "lumpy", "intermittent"),
    )


def bands(filled: Floats, start: NDArray[np.int64], groups: Words) -> Words:
    """The third of its group that each series is in, by its mean: large, medium or small."""
    periods = np.maximum(filled.shape[1] - start, 1)
    mean = np.abs(filled).sum(axis=1) / periods
    found = np.full(len(mean), BANDS[0], dtype="<U10")
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        order = np.argsort(np.argsort(-mean[rows], kind="stable"), kind="stable")
        found[rows] = np.array(BANDS)[order * len(BANDS) // len(rows)]
    return found


def statuses(known: Floats, start: NDArray[np.int64], season: int, horizon: int) -> Words:
    """What is to be known of each series of the columns given.

    no_values: nothing was observed. all_zero: nothing but zeros. ended: nothing in the last two
    horizons or seasons, though before. faded: for a third of the horizon hardly anything of what a
    season ago sold steadily, as where a feed has stopped. short: fewer than four periods. constant:
    one value.
    few_sales: something in fewer than four periods. new: too short to have been forecast in the
    past. no_season: less than two seasons, so that no season can be learnt.
    """
    length = known.shape[1] - start
    values = np.isfinite(known)
    observed = np.where(values, known, 0.0)
    quiet = slice(max(0, known.shape[1] - 2 * max(horizon, season)), None)
    # what is not known is no zero: without stock nothing ends
    is_quiet = (observed[:, quiet] == 0).all(axis=1) & (
        values[:, quiet].sum(axis=1) > _HALF * (known.shape[1] - (quiet.start or 0))
    )
    low = np.where(values, known, np.inf).min(axis=1, initial=np.inf)
    high = np.where(values, known, -np.inf).max(axis=1, initial=-np.inf)
    return np.select(
        [
            ~values.any(axis=1),
            (observed == 0).all(axis=1),
            is_quiet,
            _is_faded(observed, length, season, horizon),
            length < SHORTEST,
            low == high,
            (observed != 0).sum(axis=1) < SHORTEST,
            length < SHORTEST + horizon,
            length < 2 * season,
        ],
        [
            NO_VALUES,
            "all_zero",
            "ended",
            FADED,
            SHORT,
            "constant",
            "few_sales",
            "new",
            "no_season",
        ],
        "ok",
    )


def _is_faded(observed: Floats, length: NDArray[np.int64], season: int, horizon: int) -> Bools:
    """By the season before, of days by the year before."""
    late = _late(horizon)
    season = season if season >= late else LONGER.get(season, season)
    if season < late or observed.shape[1] < season + late:
        return np.zeros(len(observed), dtype=bool)
    before = observed[:, -season - late : -late]
    is_steady = (before > 0).mean(axis=1) >= _STEADY
    left = observed[:, -late:].sum(axis=1)
    is_less = left < _FADED_TO * before[:, :late].sum(axis=1)
    found: Bools = (length >= 2 * season) & is_steady & is_less
    return found


def _late(horizon: int) -> int:
    return max(SHORTEST, horizon // 3)


def by_status(known: Floats, status: Words, season: int, horizon: int) -> tuple[Floats, Words]:
    """What is forecast of series without a model [series], and the name of the rule.

    Zero where nothing was sold lately or ever; the mean of all values where few are sales, of the
    last third of a horizon where they faded; else the mean of the last values, at most a season.
    """
    periods = np.full(len(known), max(season, SHORTEST))
    periods[status == "few_sales"] = known.shape[1]
    periods[status == FADED] = _late(horizon)
    is_late = np.arange(known.shape[1])[None, :] >= known.shape[1] - periods[:, None]
    is_in = np.isfinite(known) & is_late
    count = is_in.sum(axis=1)
    mean = np.where(is_in, known, 0.0).sum(axis=1) / np.maximum(count, 1)
    is_zero = np.isin(status, ("all_zero", "ended")) | (count == 0)
    mean = np.where(is_zero, 0.0, mean)
    none = status == NO_VALUES
    return np.where(none, np.nan, mean), np.where(none, "", np.where(is_zero, "Zero", "Mean"))


def repeated(filled: Floats, start: NDArray[np.int64], season: int, horizon: int) -> Floats:
    """The last season of each series again [series, horizon]; the last value if it has not two."""
    length = filled.shape[1]
    if not length:
        return np.zeros((len(filled), horizon))
    ahead = np.arange(horizon)
    has_season = length - start >= 2 * season
    of_season = filled[:, np.maximum(length - season + ahead % season, 0)]
    return np.where(has_season[:, None], of_season, filled[:, -1:])


def has_model(status: Words) -> Bools:
    """Whether the series is forecast by a model of its class, and not by what its status says."""
    return np.isin(status, ("ok", "new", "no_season"))


def classes(filled: Floats, start: NDArray[np.int64], season: int, groups: Words) -> Words:
    """The class that shares a champion: the pattern, whether a season can be learnt, the group."""
    pattern = patterns(filled, start)
    has_season = filled.shape[1] - start >= 2 * season
    pattern = np.where(has_season, pattern, np.char.add(pattern, SEASONLESS))
    return np.char.add(np.char.add(pattern, "@"), groups)


def tried(kinds: Words) -> Bools:
    """The series by which the classes choose their champions: all, or some of many, evenly."""
    found = np.zeros(len(kinds), dtype=np.bool_)
    for kind in np.unique(kinds[kinds != ""]):
        rows = np.flatnonzero(kinds == kind)
        found[rows[:: -(-len(rows) // MOST_TRIED)]] = True
    return found


def is_sparse(kinds: Words) -> Bools:
    """Whether nothing is sold in so many periods that the class is intermittent or lumpy."""
    return np.char.startswith(kinds, "intermittent") | np.char.startswith(kinds, "lumpy")
