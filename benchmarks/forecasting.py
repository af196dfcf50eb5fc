"""Forecasts with intervals of ten thousand daily series, beside one smoothing of each.

At most a minute and 2 GB of two cores: the most memory that the process had goes to stderr.
`KONTOR_BENCH_ROWS=1000 python -m benchmarks.run forecasting` measures a thousand.
"""

import resource
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.pairs import Pair
from benchmarks.sizes import rows_asked_for
from pipelines.analytics.forecasting import Settings, forecast
from pipelines.analytics.time_series import ladder

_DAYS = 730
_SEASON, _HORIZON = 7, 28


def prepare(_folder: Path) -> list[Pair]:
    """The whole way from rows to intervals, and the cheapest model of every series once."""
    series = rows_asked_for(10_000)
    frame, values = _shops(series)
    model = ladder.models(_SEASON)["SeasonalES0.1"]

    def forecasted() -> None:
        forecast(frame, "day", _SEASON, _HORIZON, settings=Settings(progress=_shown))
        kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"\rat most {kibibytes / 2**20:.2f} GiB of memory", file=sys.stderr)

    def smoothed() -> None:
        for row in values:
            model(row, _HORIZON)

    name = f"forecasting: {series:,} daily series, intervals of 80 and 90 %"
    return [Pair(name, forecasted, "one smoothing", smoothed, series, "series")]


def _shown(phase: str, done: int, total: int) -> None:
    print(f"\r{phase} {done} of {total} ", end="", file=sys.stderr, flush=True)


def _shops(series: int) -> tuple[pl.DataFrame, np.ndarray]:
    random = np.random.default_rng(0)
    day = np.arange(_DAYS)
    week = random.dirichlet(np.full(7, 8.0), series) * 7
    year = 1 + 0.3 * np.sin(2 * np.pi * day / 365)
    rate = random.lognormal(0.5, 1.2, series)[:, None] * week[:, day % 7] * year
    sold = random.negative_binomial(3, 3 / (3 + rate)).astype(float)
    first = date(2024, 1, 1)
    days = pl.date_range(first, first + timedelta(days=_DAYS - 1), eager=True).alias("ds")
    names = pl.DataFrame({"unique_id": range(series)})
    return names.join(days.to_frame(), how="cross").with_columns(y=sold.ravel()), sold
