"""Sales of the marketplace, its categories, its vendors, and vendors within categories, foretold.

Parts and sums are forecast each by themselves and then reconciled, so that they add up. Weeks are
the sums of their days, and so are months as far as days are foretold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics.forecasting import Settings, Walked, walked
from pipelines.analytics.issued_columns import SALES_FORECASTS
from pipelines.analytics.sales_drivers import DRIVERS, drivers_of, with_drivers
from pipelines.analytics.sales_series import (
    ALL,
    KINDS,
    NAMES,
    kinds_of,
    named,
    seasons_of,
    series_of,
    sums_of,
    whole_periods,
)
from pipelines.analytics.time_series.finer import Sums, summed
from pipelines.analytics.time_series.origins import periods_back
from pipelines.analytics.time_series.panels import CLOSED
from pipelines.analytics.time_series.patterns import FADED
from pipelines.analytics.time_series.reconciliation import reconciler

LEVELS: Final = (80, 90)
# Values of a group that AutoTheta may be fitted to: 0.2 seconds, for a run must not wait long.
_DEAR_VALUES: Final = 2_000
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
    is_pooled: bool = False
    steps: int | None = None  # of the horizon, those that are told
    apart: int | None = None  # periods between origins


# Days are foretold as far as weeks, which are their sums: of more origins than weeks alone have,
# with what drives them, the marketplace's weeks have 0.80 of the naive error and not 0.86.
_DAYS_APART: Final = 28
DAYS: Final = Plan("day", "1d", 7, 91, is_pooled=True, steps=28, apart=_DAYS_APART)
PLANS: Final = (DAYS, Plan("week", "1w", 52, 13), Plan("month", "1mo", 12, 12))


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
    days: Issues | None = None
    faded: dict[date, set[object]] = {}
    parts = []
    for plan in PLANS:
        found = _of_plan(sales, drivers, plan, (first, known), days, faded)
        if found is not None:
            parts += found.rows(plan)
            faded = found.faded()
            days = days or found
    return pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMA)


@dataclass(frozen=True, slots=True)
class Issues:
    """The forecasts of a frequency, and on which day those of each origin could be issued."""

    names: pl.DataFrame
    walk: Walked
    days: Mapping[int, date]  # by how many of the last periods the origin does not know

    def rows(self, plan: Plan) -> list[pl.DataFrame]:
        """What is said of the future, and what was of the past, in the columns of the step."""
        step = pl.col("ds").rank("dense").over("unique_id")
        told = self.walk.ahead()
        issues = told.with_columns(is_issued=True, issued_on=pl.lit(self.days[0]), horizon=step)
        days = pl.DataFrame(
            {"periods_back": list(self.days), "issued_on": list(self.days.values())},
            schema={"periods_back": pl.Int64, "issued_on": pl.Date},
        )
        status = pl.when(pl.col("y_upper").is_null()).then(pl.lit("not_published"))
        past = (
            self.walk.behind()
            .join(days, on="periods_back", how="left", maintain_order="left")
            .with_columns(
                is_issued=False,
                horizon="step",
                interval_status=status.otherwise(pl.lit("published")),
            )
        )
        return [_in_shape(each, self.names, plan.frequency) for each in (issues, past)]

    def faded(self) -> dict[date, set[object]]:
        """By day of issue the series that had all but stopped."""
        panel = self.walk.panel
        return {
            self.days[panel.length - origin.column]: {
                each
                for each, status in zip(panel.ids, origin.status, strict=True)
                if status == FADED
            }
            for origin, _ in self.walk.origins
        }

    def sums(
        self, every: str, periods: pl.Series, faded: Mapping[date, set[object]]
    ) -> dict[int, tuple[date, Sums]]:
        """What the days of each period add up to; of the issues of one period those of the last.

        By how many of the `periods` an issue does not know, with its day.
        """
        panel, found = self.walk.panel, {}
        for origin, _ in self.walk.origins:
            day = self.days[panel.length - origin.column]
            end = day + timedelta(days=origin.mean.shape[1])
            begin: date = pl.Series([day + timedelta(days=1)]).dt.truncate(every)[0]
            come = (day - begin).days + 1
            if come > origin.column:
                continue
            dates = pl.date_range(begin, end, eager=True).dt.truncate(every)
            # of a period that days do not reach the end of nothing is known
            whole = dates.dt.offset_by(every) <= end + timedelta(days=1)
            reach = int(whole.sum())
            found[int((periods >= begin).sum())] = (
                day,
                summed(
                    panel.ids,
                    panel.known[:, origin.column - come : origin.column],
                    origin.mean[:, : reach - come],
                    dates.head(reach).rle_id().to_list(),
                    np.array([each in faded.get(day, ()) for each in panel.ids], dtype=np.bool_),
                ),
            )
        return found


def _drivers(rows: pl.DataFrame, sales: pl.DataFrame, first: date, known: date) -> pl.DataFrame:
    """What drives each series by day, up to the last that is forecast."""
    # of the days before the first origin: how large a part a category is must not tell the future
    back = periods_back((known - first).days + 1, DAYS.season, DAYS.horizon, _DAYS_APART)
    before = known - timedelta(days=max(back, default=0))
    days = pl.date_range(first, known + timedelta(days=_LONGEST_AHEAD), eager=True)
    names = named(sales, kinds_of(sales)).select("unique_id", *NAMES).unique().sort("unique_id")
    old = sales.filter(pl.col("order_date") <= before)
    return drivers_of(rows.filter(pl.col("kind") != "sales"), names, old, days)


def _of_plan(
    sales: pl.DataFrame,
    drivers: pl.DataFrame,
    plan: Plan,
    span: tuple[date, date],
    days: Issues | None,
    faded: Mapping[date, set[object]],
) -> Issues | None:
    """The forecasts of a frequency, None where no period of it is over."""
    periods = whole_periods(plan.every, *span)
    series = series_of(sales, plan.every, periods)
    if series.is_empty():
        return None
    names = series.select("unique_id", *NAMES).unique().sort("unique_id")
    seen, ahead = _driven(series, names, drivers, plan, periods[-1])
    sums = days.sums(plan.every, periods, faded) if days else {}
    walk = walked(
        seen,
        plan.frequency,
        plan.season,
        plan.horizon,
        LEVELS,
        ahead=ahead,
        settings=Settings(
            dear_values=_DEAR_VALUES,
            is_pooled=plan.is_pooled,
            reconcile=reconciler(sums_of(names)),
            wholes={f"{KINDS[0]}:{ALL}"},
            groups=dict(names.select("unique_id", "series_kind").rows()),
            seasons=seasons_of(names),
            apart=plan.apart,
            steps=plan.steps,
            sums={back: each for back, (_, each) in sums.items()},
        ),
    )
    backs = [walk.panel.length - origin.column for origin, _ in walk.origins]
    of_days = {back: span[1] - timedelta(days=back) for back in backs}
    return Issues(names, walk, {back: day for back, (day, _) in sums.items()} or of_days)


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


def _in_shape(rows: pl.DataFrame, names: pl.DataFrame, frequency: str) -> pl.DataFrame:
    """The columns of the step, null where the rows have none."""
    named = rows.join(names, on="unique_id").with_columns(
        frequency=pl.lit(frequency), forecast_date="ds"
    )
    return named.select(
        (pl.col(name) if name in named.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in _SCHEMA.items()
    )
