"""How good forecasts of the past were: the rows that are compared, and the measures of them."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics.time_series.intervals import Interval
from pipelines.analytics.time_series.origins import Origin, actuals
from pipelines.analytics.time_series.panels import Panel
from pipelines.analytics.time_series.scales import settled

_COMPARED: Final = {
    "periods_back": pl.Int64,
    "step": pl.Int64,
    "y": pl.Float64,
    "y_mean": pl.Float64,
    "y_naive": pl.Float64,
    "y_lower": pl.Float64,
    "y_upper": pl.Float64,
    "interval_level": pl.Float64,
    "model": pl.String,
    "size_band": pl.String,
    "seasonal_mae": pl.Float64,
}


def compared(
    panel: Panel,
    behind: Sequence[tuple[Origin, Sequence[Interval]]],
    levels: Mapping[float, float],
) -> pl.DataFrame:
    """A row per series, origin, step that came true and level."""
    kinds = {name: panel.moments.schema[name] for name in ("unique_id", "ds")}
    parts = [_of_origin(panel, origin, found, levels) for origin, found in behind]
    if not parts:
        return pl.DataFrame(schema={**kinds, **_COMPARED})
    # the rows of an origin are in order, and series in that of their names: no text is sorted
    rows = pl.concat(parts)
    rows = rows[np.argsort(rows["series"].to_numpy(), kind="stable")]
    number = panel.moments["unique_id"].rle_id().cast(pl.Int64)
    place = np.empty(panel.known.shape, dtype=np.int64)
    place[number, panel.moments["column"]] = np.arange(panel.moments.height)
    moments = panel.moments[place[rows["series"], rows["column"]]]
    return rows.with_columns(moments.select(*kinds)).select(*kinds, *_COMPARED)


def _of_origin(
    panel: Panel, origin: Origin, found: Sequence[Interval], levels: Mapping[float, float]
) -> pl.DataFrame:
    """The rows of an origin by series, step and level."""
    came = actuals(panel, origin.column, origin.mean.shape[1])
    one, at = np.nonzero(np.isfinite(came) & np.isfinite(origin.mean))
    series, step = np.repeat(one, len(found)), np.repeat(at, len(found))
    lower = np.stack([each.lower[one, at] for each in found], axis=1).ravel()
    upper = np.stack([each.upper[one, at] for each in found], axis=1).ravel()
    mean = origin.mean[series, step]
    return pl.DataFrame(
        {
            "series": series.astype(np.int64),
            "column": (origin.column + step).astype(np.int64),
            "periods_back": np.full(len(series), panel.length - origin.column, dtype=np.int64),
            "step": (step + 1).astype(np.int64),
            "y": came[series, step],
            "y_mean": settled(mean),
            "y_naive": settled(origin.naive[series, step]),
            "y_lower": settled(np.minimum(lower, mean)),
            "y_upper": settled(np.maximum(upper, mean)),
            "interval_level": np.tile([float(levels[each.level]) for each in found], len(one)),
            "seasonal_mae": settled(origin.seasonal_mae[series]),
        },
        nan_to_null=True,
    ).with_columns(
        model=pl.Series(origin.models[series, step].astype(str)),
        size_band=pl.Series(origin.bands.astype(str))[series],
    )
