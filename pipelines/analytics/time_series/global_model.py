"""One model of all series, LightGBM through mlforecast: what a series alone is too short to show.

Its features are what was known: lags, means of the past, the place in the season, and drivers that
are known ahead. It is fitted once on what lies before a column, and then asked at later ones.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from pipelines.analytics.time_series.panels import Bools, Floats, Panel
from pipelines.analytics.time_series.patterns import SEASONLESS, Words
from pipelines.analytics.time_series.rolling_origins import Together

_LOG = logging.getLogger(__name__)

# With fewer series, or rows to learn from, there is nothing that one learns from another.
_LEAST_SERIES: Final = 10
_LEAST_ROWS: Final = 2_000
# Rows beyond this only take time: the leaves are full.
_MOST_ROWS: Final = 60_000
# Periods that say how large a series is.
_LATELY: Final = 120
_TREES: Final[Mapping[str, Any]] = {
    "n_estimators": 80,
    "learning_rate": 0.08,
    "num_leaves": 15,
    "min_child_samples": 40,
    # the same input gives the same bytes
    "deterministic": True,
    "force_row_wise": True,
    "n_jobs": 1,
    "verbosity": -1,
}


def global_model(panel: Panel, season: int, horizon: int, until: int, seed: int) -> Together | None:
    """The model, fitted on the columns before `until`; None where there is too little to learn."""
    longest_lag = 2 * season + 1
    rows = np.flatnonzero(until - panel.start > longest_lag + season)
    if len(rows) < _LEAST_SERIES or len(rows) * (until - longest_lag) < _LEAST_ROWS:
        return None
    taken = rows[:: max(1, -(-len(rows) * 2 * season // _MOST_ROWS))]
    width = min(until, longest_lag + max(2 * season, _MOST_ROWS // len(taken)))
    try:
        from lightgbm import LGBMRegressor  # noqa: PLC0415 - takes a second
    except OSError as error:
        # its wheel links to the system's OpenMP, which a bare machine may lack
        _LOG.warning("LightGBM is left out of forecasts, install libgomp1: %s", error)
        return None
    from mlforecast import MLForecast  # noqa: PLC0415
    from mlforecast.lag_transforms import RollingMean  # noqa: PLC0415

    is_signed = bool((panel.filled[:, :until] < 0).any())
    objective = "regression" if is_signed else "tweedie"
    model = MLForecast(
        models={"y_mean": LGBMRegressor(objective=objective, random_state=seed, **_TREES)},
        freq=1,
        lags=sorted({1, 2, 3, season, season + 1, 2 * season}),
        lag_transforms={
            1: [RollingMean(window) for window in sorted({max(season, 2), longest_lag - 1})]
        },
        date_features=[_place(season)] if season > 1 else None,
    )
    names = [f"driver_{number}" for number in range(panel.drivers.shape[2])]
    shown = _long(panel, taken, until - width, until, until, names)
    prepared: Any = model.preprocess(shown, static_features=[], return_X_y=True)
    features, labels = prepared
    if not np.any(labels):
        # nothing was sold where a label stands: no distribution has a mean of zero
        return None
    model.fit_models(features, labels)

    def told(column: int, kinds: Words) -> Floats:
        found = np.full((len(kinds), horizon), np.nan)
        asked = np.flatnonzero(_is_for(kinds))
        if asked.size:
            before = max(0, column - longest_lag - 1)
            known = _long(panel, asked, before, column, column, names)
            ahead = (
                _grid(asked, column, column + horizon).with_columns(
                    _driver_columns(panel, asked, column, column + horizon, names)
                )
                if names
                else None
            )
            answer = model.predict(h=horizon, new_df=known, X_df=ahead).sort("unique_id", "ds")
            level = _level(panel, asked, column)
            found[asked] = answer["y_mean"].to_numpy().reshape(-1, horizon) * level[:, None]
        return found

    return told


def _is_for(kinds: Words) -> Bools:
    found: Bools = (kinds != "") & (np.char.find(kinds, SEASONLESS) < 0)
    return found


def _place(season: int) -> Callable[[pl.Series], pl.Series]:
    # mlforecast names the feature after the function
    def place_in_season(moment: pl.Series) -> pl.Series:
        return moment % season

    return place_in_season


def _level(panel: Panel, rows: np.ndarray, column: int) -> Floats:
    """The mean of each series lately: the model learns shapes, not sizes, and not their growth."""
    first = max(0, column - _LATELY)
    periods = np.maximum(column - np.maximum(panel.start[rows], first), 1)
    level = np.abs(panel.filled[rows, first:column]).sum(axis=1) / periods
    return np.where(level > 0, level, 1.0)


def _grid(rows: np.ndarray, begin: int, end: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "unique_id": np.repeat(rows, end - begin),
            "ds": np.tile(np.arange(begin, end), len(rows)),
        }
    )


def _driver_columns(
    panel: Panel, rows: np.ndarray, begin: int, end: int, names: list[str]
) -> list[pl.Series]:
    return [
        pl.Series(name, panel.drivers[rows, begin:end, number].ravel())
        for number, name in enumerate(names)
    ]


def _long(
    panel: Panel, rows: np.ndarray, begin: int, end: int, column: int, names: list[str]
) -> pl.DataFrame:
    """The series' values between two columns as rows, each in its level as known at `column`."""
    values = panel.filled[rows, begin:end] / _level(panel, rows, column)[:, None]
    frame = _grid(rows, begin, end).with_columns(
        pl.Series("y", values.ravel()), *_driver_columns(panel, rows, begin, end, names)
    )
    starts = np.repeat(panel.start[rows], end - begin)
    return frame.filter(pl.col("ds") >= pl.Series(starts))
