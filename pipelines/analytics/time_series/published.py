"""The forecast as a frame: what models say, and what a series' own state says."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from pipelines.analytics.time_series.intervals import Interval
from pipelines.analytics.time_series.origins import Origin
from pipelines.analytics.time_series.panels import Panel
from pipelines.analytics.time_series.scales import settled


def told(
    panel: Panel, now: Origin, found: Sequence[Interval], levels: Mapping[float, float]
) -> pl.DataFrame:
    """A row per series, period to come and level; see pipelines.analytics.forecasting."""
    parts = [_of_level(panel, now, each, levels[each.level]) for each in found]
    return pl.concat(parts).sort("unique_id", "ds", "interval_level")


def _of_level(panel: Panel, now: Origin, found: Interval, level: float) -> pl.DataFrame:
    mean = now.mean
    horizon = mean.shape[1]
    reason = np.where(found.reason == "", "published", found.reason)
    reason = np.where((now.kinds == "")[:, None], now.status[:, None], reason)
    is_told = reason == "published"
    # A mean outside its own interval would be a forecast that contradicts itself.
    lower = np.where(is_told, np.fmin(found.lower, mean), np.nan)
    upper = np.where(is_told, np.fmax(found.upper, mean), np.nan)
    future = panel.future.filter(pl.col("step") <= horizon)
    return future.drop("step").with_columns(
        pl.Series("y_mean", settled(mean.ravel())).fill_nan(None),
        pl.Series("y_lower", settled(lower.ravel())).fill_nan(None),
        pl.Series("y_upper", settled(upper.ravel())).fill_nan(None),
        pl.lit(level).alias("interval_level"),
        pl.Series("model", now.models.ravel().astype(str)),
        pl.Series("size_band", np.repeat(now.bands, horizon).astype(str)),
        pl.Series("status", np.repeat(now.status, horizon).astype(str)),
        pl.Series("interval_status", reason.ravel().astype(str)),
    )
