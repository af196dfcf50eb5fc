"""Many series side by side, as the models read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.analytics.time_series.frequencies import (
    Frequency,
    InvalidSeriesError,
    following,
    placed,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# What a model of a series can use; more only takes time and room.
LONGEST: Final = 2_000
CLOSED: Final = "closed_share"


@dataclass(frozen=True, slots=True)
class Panel:
    """Series that end in the same column: rows are series, columns periods.

    `known` holds what was observed and NaN elsewhere, `filled` has no NaN from a series' `start`
    on, and zeros before it.
    """

    ids: Sequence[object]
    groups: NDArray[np.str_]  # series of one group share champions and intervals
    known: Floats
    filled: Floats
    start: NDArray[np.int64]
    moments: pl.DataFrame  # unique_id ds column, of the rows that there are
    future: pl.DataFrame  # unique_id ds step
    drivers: Floats  # [series, periods and horizon, driver], what is known ahead; 0 where it is not
    is_open: Floats  # [series, periods and horizon], the share of the period that could be sold in

    @property
    def length(self) -> int:
        """Periods of the longest series."""
        return int(self.known.shape[1])


def panel_of(
    frame: pl.DataFrame,
    frequency: Frequency,
    season: int,
    horizon: int,
    ahead: pl.DataFrame | None = None,
    groups: Mapping[object, str] | None = None,
) -> Panel:
    """The rows `unique_id ds y` as a panel; a period without a row or value is not known.

    Further columns are drivers: numbers that are known ahead, such as holidays; `closed_share` is
    none, but the share of the period in which nothing could be sold: a period that was all closed
    is not known. `ahead` has them for the periods that follow.

    Raises:
        InvalidSeriesError: columns or types are others, a series has two rows of one moment, a
            value is infinite, a moment lies off the grid.
    """
    names = _drivers_of(frame, ahead)
    rows = placed(_checked(frame, names), frequency).sort("unique_id", "place")
    twice = rows.filter(pl.struct("unique_id", "place").is_duplicated())
    if twice.height:
        name, moment = twice.row(0)[:2]
        raise InvalidSeriesError(
            f"series {name} has {twice.height} rows that share a period, the first at {moment}; "
            "sum or drop them"
        )
    series = rows.group_by("unique_id", maintain_order=True).agg(
        pl.col("place").last().alias("end"), pl.col("ds").last(), pl.col("phase").last()
    )
    number = rows["unique_id"].rle_id().to_numpy()
    back = series["end"].to_numpy()[number] - rows["place"].to_numpy()
    width = int(min(back.max(), LONGEST - 1)) + 1 if back.size else 0
    known = np.full((series.height, width), np.nan)
    kept = back < width
    known[number[kept], width - 1 - back[kept]] = rows["y"].to_numpy()[kept]
    future = following(series.select("unique_id", "ds", "phase"), frequency, horizon)
    drivers = np.zeros((series.height, width + horizon, len(names)))
    if names:
        drivers[number[kept], width - 1 - back[kept]] = rows.select(names).to_numpy()[kept]
        drivers[:, width:] = _drivers_ahead(future, ahead, names, horizon)
    drivers, closed = _without_closed(drivers, names)
    known[(closed[:, :width] == 1) & (known == 0)] = np.nan
    start = _starts(known)
    ids = series["unique_id"].to_list()
    return Panel(
        ids,
        np.array([(groups or {}).get(each, "") for each in ids], dtype=np.str_),
        known,
        _filled(known, start, season),
        start,
        rows.select("unique_id", "ds", column=width - 1 - pl.Series(back)).filter(pl.Series(kept)),
        future,
        drivers,
        1 - closed,
    )


def _drivers_ahead(
    future: pl.DataFrame, ahead: pl.DataFrame | None, names: Sequence[str], horizon: int
) -> Floats:
    """The drivers of the periods to come [series, horizon, driver]; 0 where nothing is said."""
    if ahead is None:
        return np.zeros((future.height // horizon, horizon, len(names)))
    told = future.join(ahead, on=["unique_id", "ds"], how="left", maintain_order="left")
    values = told.select(pl.col(names).cast(pl.Float64).fill_null(0.0)).to_numpy()
    return values.reshape(-1, horizon, len(names))


def _without_closed(drivers: Floats, names: Sequence[str]) -> tuple[Floats, Floats]:
    """The drivers, and apart from them the share of each period that was closed."""
    if CLOSED not in names:
        return drivers, np.zeros(drivers.shape[:2])
    place = list(names).index(CLOSED)
    return np.delete(drivers, place, axis=2), np.clip(drivers[:, :, place], 0.0, 1.0)


def _drivers_of(frame: pl.DataFrame, ahead: pl.DataFrame | None) -> list[str]:
    """The columns beside those of every frame, which `ahead` has to have, too."""
    for given in (frame, ahead):
        if given is not None and not isinstance(given, pl.DataFrame):
            kind = f"{type(given).__module__.partition('.')[0]} {type(given).__name__}"
            raise InvalidSeriesError(f"the frame is a {kind}; it must be a polars DataFrame")
    names = [name for name in frame.columns if name not in ("unique_id", "ds", "y")]
    wrong = [name for name in names if not frame.schema[name].is_numeric()]
    if wrong:
        raise InvalidSeriesError(f"{', '.join(wrong)}: what is known ahead must be numbers")
    lacking = [
        name
        for name in (["unique_id", "ds", *names] if names else [])
        if ahead is None or name not in ahead.columns
    ]
    if lacking:
        raise InvalidSeriesError(
            f"the frame has {', '.join(names)}, which must be known ahead, and `ahead` has no "
            f"{', '.join(lacking)}"
        )
    return names


def _checked(frame: pl.DataFrame, drivers: Sequence[str]) -> pl.DataFrame:
    missing = [name for name in ("unique_id", "ds", "y") if name not in frame.columns]
    if missing:
        raise InvalidSeriesError(f"the frame has no column {', '.join(missing)}")
    if not (frame.schema["y"].is_numeric() or frame.schema["y"] == pl.Null):
        raise InvalidSeriesError(f"y is {frame.schema['y']}; it must be a number")
    rows = frame.select(
        "unique_id",
        "ds",
        pl.col("y").cast(pl.Float64).fill_nan(None),
        *(pl.col(name).cast(pl.Float64).fill_null(0.0) for name in drivers),
    )
    for name in ("unique_id", "ds"):
        if rows[name].null_count():
            raise InvalidSeriesError(f"{rows[name].null_count()} rows have no {name}")
    endless = rows.filter(pl.col("y").is_infinite())
    if endless.height:
        raise InvalidSeriesError(f"series {endless.row(0)[0]} is infinite at {endless.row(0)[1]}")
    return rows


def _starts(known: Floats) -> NDArray[np.int64]:
    """The column of each series' first value; behind the last one where it has none."""
    if not known.shape[1]:
        return np.zeros(len(known), dtype=np.int64)
    is_known = np.isfinite(known)
    first: NDArray[np.int64] = is_known.argmax(axis=1)
    return np.where(is_known.any(axis=1), first, np.int64(known.shape[1]))


def _filled(known: Floats, start: NDArray[np.int64], season: int) -> Floats:
    """What is not known becomes what was known a season before, else the last value before.

    Only values before it are used: a value that comes later must not change what an earlier
    forecast knew.
    """
    filled = known.copy()
    columns = np.arange(known.shape[1])
    filled[columns[None, :] < start[:, None]] = 0.0
    for series in np.flatnonzero(np.isnan(filled).any(axis=1)):
        row = filled[series]
        for column in np.flatnonzero(np.isnan(row)):
            before = column - season
            row[column] = row[before] if before >= start[series] else row[column - 1]
    return filled
