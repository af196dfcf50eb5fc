"""How good forecasts of the past were: the rows that are compared, and the measures of them."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics.time_series.intervals import Interval
from pipelines.analytics.time_series.panels import Panel
from pipelines.analytics.time_series.rolling_origins import Origin, actuals
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
    parts = [
        _of_origin(panel, origin, each, levels[each.level])
        for origin, found in behind
        for each in found
    ]
    if not parts:
        return pl.DataFrame(schema={**kinds, **_COMPARED})
    ids = pl.DataFrame(
        {"unique_id": panel.ids, "series": range(len(panel.ids))},
        schema={"unique_id": kinds["unique_id"], "series": pl.Int64},
    )
    # series are in the order of their names; whole numbers are joined and sorted sooner
    order = ["series", "periods_back", "step", "interval_level"]
    moments = panel.moments.join(ids, on="unique_id")
    return (
        pl.concat(parts)
        .join(moments, on=["series", "column"], how="inner")
        .sort(order, descending=[False, True, False, False])
        .select(*kinds, *_COMPARED)
    )


def _of_origin(panel: Panel, origin: Origin, found: Interval, level: float) -> pl.DataFrame:
    horizon = origin.mean.shape[1]
    came = actuals(panel, origin.column, horizon)
    series, step = np.nonzero(np.isfinite(came) & np.isfinite(origin.mean))
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
            "y_lower": settled(np.minimum(found.lower[series, step], mean)),
            "y_upper": settled(np.maximum(found.upper[series, step], mean)),
            "interval_level": np.full(len(series), float(level)),
            "model": origin.models[series].astype(str),
            "size_band": origin.bands[series].astype(str),
            "seasonal_mae": settled(origin.seasonal_mae[series]),
        },
        nan_to_null=True,
    )
