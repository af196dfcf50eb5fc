"""Sales of the marketplace, its categories, its vendors, and vendors within categories, foretold.

Parts and sums are forecast each by themselves and then reconciled, so that they add up.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl
from scipy import sparse

from pipelines.analytics.forecasting import Settings, forecast_and_backtest
from pipelines.analytics.issued_columns import SALES_FORECASTS
from pipelines.analytics.sales_drivers import DRIVERS, drivers_of, with_drivers
from pipelines.analytics.time_series.panels import CLOSED
from pipelines.analytics.time_series.reconciliation import Sums, reconciler
from pipelines.analytics.time_series.rolling_origins import periods_back

LEVELS: Final = (80, 90)
ALL: Final = "all"
_KINDS: Final = ("marketplace", "category", "vendor", "vendor_category")
# Values of a group that AutoTheta may be fitted to: 0.2 seconds, for a run must not wait long.
_DEAR_VALUES: Final = 2_000
# Vendors within categories; of more, the rows of past origins alone would be millions.
_MOST_PARTS: Final = 1_500
# Days from the last known one to the end of the last month that is forecast.
_LONGEST_AHEAD: Final = 400
_TYPES: Final = {
    "string": pl.String,
    "bigint": pl.Int64,
    "double": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}
_SCHEMA: Final = {name: _TYPES[kind] for name, (kind, _) in SALES_FORECASTS.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """How far ahead a frequency is forecast, in periods; LightGBM learns where rows are many."""

    frequency: str
    every: str
    season: int
    horizon: int
    is_pooled: bool


PLANS: Final = (
    Plan("day", "1d", 7, 28, is_pooled=True),
    Plan("week", "1w", 52, 13, is_pooled=False),
    Plan("month", "1mo", 12, 12, is_pooled=False),
)


def issued(rows: pl.DataFrame) -> pl.DataFrame:
    """Forecasts of every series and frequency, and those of past origins beside what came.

    `rows` are of the kind sales, one per vendor, category and day with sales (`vendor_id
    category_id order_date gmv issued_on first_order_date`, the last two alike in all rows: the
    last day that is known, and the marketplace's first), and of the kinds that
    `pipelines.analytics.sales_drivers` reads.
    """
    sales = rows.filter(kind="sales")
    if sales.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    known: date = sales["issued_on"][0]
    first: date = sales["first_order_date"][0]
    drivers = _drivers(rows, sales, first, known)
    parts = [part for plan in PLANS for part in _of_plan(sales, drivers, plan, first, known)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMA)


def _drivers(rows: pl.DataFrame, sales: pl.DataFrame, first: date, known: date) -> pl.DataFrame:
    """What drives each series by day, up to the last that is forecast."""
    # of the days before the first origin: how large a part a category is must not tell the future
    plan = PLANS[0]
    back = periods_back((known - first).days + 1, plan.season, plan.horizon)
    before = known - timedelta(days=max(back, default=0))
    days = pl.date_range(first, known + timedelta(days=_LONGEST_AHEAD), eager=True)
    names = _named(sales, _kinds(sales)).select("unique_id", *_NAMES).unique().sort("unique_id")
    old = sales.filter(pl.col("order_date") <= before)
    return drivers_of(rows.filter(pl.col("kind") != "sales"), names, old, days)


def _of_plan(
    sales: pl.DataFrame, drivers: pl.DataFrame, plan: Plan, first: date, known: date
) -> list[pl.DataFrame]:
    periods = _whole_periods(plan.every, first, known)
    series = _series(sales, plan.every, periods)
    if series.is_empty():
        return []
    names = series.select("unique_id", *_NAMES).unique().sort("unique_id")
    seen, ahead = _driven(series, names, drivers, plan, periods[-1])
    told, behind = forecast_and_backtest(
        seen,
        plan.frequency,
        plan.season,
        plan.horizon,
        LEVELS,
        ahead=ahead,
        settings=Settings(
            dear_values=_DEAR_VALUES,
            is_pooled=plan.is_pooled,
            reconcile=reconciler(_sums(names)),
            wholes={f"{_KINDS[0]}:{ALL}"},
            groups=dict(names.select("unique_id", "series_kind").rows()),
            seasons=_seasons(names),
        ),
    )
    step = pl.col("ds").rank("dense").over("unique_id")
    issues = told.with_columns(is_issued=True, issued_on=pl.lit(known), horizon=step)
    # an origin knew all before the first period that it forecast
    begin = pl.col("ds").dt.offset_by(pl.format("-{}" + plan.every[1:], pl.col("step") - 1))
    past = behind.with_columns(
        is_issued=False,
        issued_on=begin.dt.offset_by("-1d"),
        horizon="step",
        interval_status=pl.when(pl.col("y_upper").is_null())
        .then(pl.lit("not_published"))
        .otherwise(pl.lit("published")),
    )
    return [_in_shape(each, names, plan.frequency) for each in (issues, past)]


def _driven(
    series: pl.DataFrame, names: pl.DataFrame, drivers: pl.DataFrame, plan: Plan, last: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The periods that are known, and those after the last one, with what drives them."""
    # a season of a year has its holidays and sales in it
    wanted = [*(DRIVERS if plan.is_pooled else ()), CLOSED]
    begins = pl.Series([last]).dt.offset_by(plan.every)[0]
    end = begins + timedelta(days=_LONGEST_AHEAD)
    to_come = pl.date_range(begins, end, plan.every, eager=True).alias("ds").head(plan.horizon)
    ahead = names.select("unique_id").join(to_come.to_frame(), how="cross")
    seen = series.select("unique_id", "ds", "y")
    return (
        with_drivers(seen, drivers, plan.every, wanted),
        with_drivers(ahead, drivers, plan.every, wanted),
    )


_NAMES: Final = ("series_kind", "series_id", "vendor_id", "category_id")


def _whole_periods(every: str, first: date, known: date) -> pl.Series:
    """The first days of the periods that began at the first day or later and are over."""
    begin = pl.Series([first]).dt.truncate(every)
    if begin[0] < first:
        begin = begin.dt.offset_by(every)
    days = pl.date_range(begin[0], max(begin[0], known), every, eager=True)
    return days.filter(days.dt.offset_by(every) <= known + timedelta(days=1)).alias("ds")


def _series(sales: pl.DataFrame, every: str, periods: pl.Series) -> pl.DataFrame:
    """Sales of each series and period from the series' first on; without sales they are zero.

    What a vendor did not sell before its first sale says nothing of what it will sell.
    """
    dated = sales.with_columns(ds=pl.col("order_date").dt.truncate(every))
    rows = _named(dated.filter(pl.col("ds").is_in(periods.implode())), _kinds(sales))
    # sums of floats in an order of their own, so that the bytes are the same
    totals = (
        rows.sort("unique_id", "ds", "gmv")
        .group_by("unique_id", "ds", *_NAMES, maintain_order=True)
        .agg(y=pl.col("gmv").sum())
    )
    first = totals.group_by("unique_id", *_NAMES).agg(first=pl.col("ds").min())
    spine = first.join(periods.to_frame(), how="cross").filter(pl.col("ds") >= pl.col("first"))
    return spine.join(
        totals.select("unique_id", "ds", "y"), on=["unique_id", "ds"], how="left"
    ).select("unique_id", *_NAMES, "ds", pl.col("y").fill_null(0.0))


def _named(sales: pl.DataFrame, wanted: tuple[str, ...]) -> pl.DataFrame:
    """The rows of each series that they are part of, by its name."""
    vendor, category, none = pl.col("vendor_id"), pl.col("category_id"), pl.lit(None, pl.String)
    kinds = zip(
        _KINDS,
        (pl.lit(ALL), category, vendor, vendor + "/" + category),
        (none, none, vendor, vendor),
        (none, category, none, category),
        strict=True,
    )
    summed = pl.concat(
        sales.with_columns(
            series_kind=pl.lit(kind), series_id=name, vendor_id=of_vendor, category_id=of_category
        )
        for kind, name, of_vendor, of_category in kinds
        if kind in wanted
    )
    return summed.with_columns(unique_id=pl.col("series_kind") + ":" + pl.col("series_id"))


def _kinds(sales: pl.DataFrame) -> tuple[str, ...]:
    """The kinds of series: of too many vendors within categories, categories and their sum."""
    parts = sales.select("vendor_id", "category_id").n_unique()
    return _KINDS if parts <= _MOST_PARTS else _KINDS[:2]


def _sums(names: pl.DataFrame) -> Sums:
    """Which of the series, in this order, are sums of which."""
    kind = names["series_kind"].to_numpy()
    is_part = kind == (_KINDS[-1] if _KINDS[-1] in kind else _KINDS[1])
    parts, sums = names.filter(pl.Series(is_part)), names.filter(pl.Series(~is_part))
    none = pl.lit(None, pl.String)
    summed = pl.concat(
        parts.with_row_index("part").select("part", vendor_id=vendor, category_id=category)
        for vendor, category in ((none, none), (none, "category_id"), ("vendor_id", none))
    ).unique(maintain_order=True)  # parts without a vendor are in the whole once
    pairs = sums.with_row_index("sum").join(
        summed, on=["vendor_id", "category_id"], nulls_equal=True
    )
    ones = (np.ones(pairs.height), (pairs["sum"].to_numpy(), pairs["part"].to_numpy()))
    shape = (sums.height, parts.height)
    return Sums(
        np.flatnonzero(~is_part),
        np.flatnonzero(is_part),
        sparse.csr_array(ones, shape=shape),  # type: ignore[no-untyped-call]
    )


def _seasons(names: pl.DataFrame) -> dict[object, str]:
    """By series what shares its season: the category, and of vendors the whole."""
    pool = pl.col("series_kind") + ":" + pl.col("category_id").fill_null(ALL)
    return dict(names.select("unique_id", pool).rows())


def _in_shape(rows: pl.DataFrame, names: pl.DataFrame, frequency: str) -> pl.DataFrame:
    """The columns of the step, null where the rows have none."""
    named = rows.join(names, on="unique_id").with_columns(
        frequency=pl.lit(frequency), forecast_date="ds"
    )
    return named.select(
        (pl.col(name) if name in named.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in _SCHEMA.items()
    )
