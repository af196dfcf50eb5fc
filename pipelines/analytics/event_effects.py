"""What sales, holidays and peaks did to the number of order lines.

Lines on an event's days against those that days around it let expect, of the same categories:
counts scatter more than Poisson's by Pearson's statistic of the comparable days per degree of
freedom (McCullagh and Nelder 1989, Generalized linear models, 4.5), and the interval is that of the
ratio's logarithm.
"""

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics.event_baselines import baseline
from pipelines.analytics.sales_drivers import EVERY
from pipelines.analytics.special_days import special_days
from pipelines.analytics.time_series.scales import settled

# Days between an event's and those it is compared with: enough for weekdays and the season's turn.
_APART: Final = timedelta(days=21)
_LEAST_LINES: Final = 10  # fewer say nothing of a ratio
_DEVIATIONS: Final = 1.2816  # within which 80 percent lie
_AHEAD: Final = 400
# Days of one name that are further apart are two events: last year's and this one's.
_GAP: Final = 14
_KEY: Final = ("kind", "event_name", "first_date")
COLUMNS: Final = {
    "kind": pl.String,
    "event_name": pl.String,
    "first_date": pl.Date,
    "last_date": pl.Date,
    "status": pl.String,
    "event_days": pl.Int64,
    "compared_days": pl.Int64,
    "line_count": pl.Int64,
    "expected_line_count": pl.Float64,
    "effect": pl.Float64,
    "effect_lower": pl.Float64,
    "effect_upper": pl.Float64,
}


def effects(rows: pl.DataFrame) -> pl.DataFrame:
    """Each event with its effect on order lines, 0.5 for half as many again, and an 80 % interval.

    `rows` are those of `pipelines.analytics.sales_forecasts.issued`. `status` is measured, to_come,
    within_another (all its days were another event's, too) or too_few_lines.
    """
    sales = rows.filter(kind="sales")
    if sales.is_empty():
        return pl.DataFrame(schema=COLUMNS)
    known, first = sales["issued_on"][0], sales["first_order_date"][0]
    events = _events(rows, first, known)
    over = events.filter(pl.col("event_date") <= known)
    measured = _compared(_days(over, sales, first, known))
    spans = events.group_by(_KEY).agg(last_date=pl.col("event_date").max())
    status = (
        pl.when(pl.col("first_date") > known)
        .then(pl.lit("to_come"))
        .when(pl.col("event_days").is_null())
        .then(pl.lit("within_another"))
        .when(pl.col("effect").is_null())
        .then(pl.lit("too_few_lines"))
        .otherwise(pl.lit("measured"))
    )
    return (
        spans.join(measured, on=_KEY, how="left")
        .with_columns(status=status)
        .select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
        .sort(_KEY)
    )


def _events(rows: pl.DataFrame, first: date, known: date) -> pl.DataFrame:
    """The days of each event with what it is for: `kind event_name first_date event_date scope`."""
    orders = rows.filter(kind="country").select("country_code", "line_count")
    library = special_days(
        orders["country_code"].to_list(), first, known.replace(year=known.year + 1)
    )
    feed = rows.filter(pl.col("kind").is_in(["holiday", "peak"]))
    # one event a day, by the library's name of the country that orders most
    named = (
        pl.concat(
            [
                library.with_columns(order=pl.lit(0)),
                feed.select(*library.columns, order=pl.lit(1)),
            ]
        )
        .join(orders, on="country_code", how="left")
        .sort("order", pl.col("line_count").fill_null(0).neg(), "country_code", "event_name")
        .unique(["kind", "order_date"], keep="first", maintain_order=True)
        .select("kind", "event_name", "order_date", scope=pl.lit(EVERY))
    )
    sales = rows.filter(kind="sale").select("kind", "event_name", "order_date", scope="category_id")
    days = pl.concat([named, sales]).unique().rename({"order_date": "event_date"})
    gap = pl.col("event_date").diff().dt.total_days().fill_null(0)
    return (
        days.sort("kind", "event_name", "event_date", "scope")
        .with_columns(number=(gap > _GAP).cum_sum().over("kind", "event_name"))
        .with_columns(first_date=pl.col("event_date").min().over("kind", "event_name", "number"))
        .drop("number")
    )


def _lines(sales: pl.DataFrame) -> pl.DataFrame:
    """Order lines by scope and day: all, and a category's."""
    scopes = (pl.lit(EVERY), pl.col("category_id"))
    return (
        pl.concat(sales.select("order_date", "line_count", scope=scope) for scope in scopes)
        .group_by("scope", "order_date")
        .agg(lines=pl.col("line_count").sum())
    )


def _days(over: pl.DataFrame, sales: pl.DataFrame, first: date, known: date) -> pl.DataFrame:
    """By event, scope and day the lines of the event, and of comparable days."""
    lines = _lines(sales)
    disturbed = over.select("scope", "event_date", "kind", "event_name").unique()
    around = over.group_by(*_KEY, "scope").agg(
        begin=pl.col("event_date").min() - _APART, end=pl.col("event_date").max() + _APART
    )
    days = (
        around.with_columns(day=pl.date_ranges("begin", "end"))
        .explode("day")
        .filter(pl.col("day").is_between(first, known))
        .select(*_KEY, "scope", "day")
    )
    own = over.select(*_KEY, "scope", day="event_date", is_event=True)
    marked = days.join(own, on=[*_KEY, "scope", "day"], how="left").with_columns(
        pl.col("is_event").fill_null(value=False)
    )
    rivals = _rivals(marked, disturbed)
    return (
        marked.join(rivals, on=[*_KEY, "scope", "day"], how="anti")
        .join(lines, left_on=["scope", "day"], right_on=["scope", "order_date"], how="left")
        .with_columns(pl.col("lines").fill_null(0).cast(pl.Float64))
        .sort(*_KEY, "scope", "day")
    )


def _rivals(marked: pl.DataFrame, disturbed: pl.DataFrame) -> pl.DataFrame:
    """Days on which another event reaches the same lines, or part of them."""
    day, name = pl.col("day"), pl.col("event_name")
    other = disturbed.rename(
        {"kind": "other_kind", "event_name": "other_name", "event_date": "day"}
    )
    # a sale of one category disturbs what is counted of all, and what is everybody's each category
    pairs = pl.concat(
        [
            marked.join(other, on=["scope", "day"]),
            marked.filter(pl.col("scope") == EVERY).join(
                other.filter(pl.col("scope") != EVERY).drop("scope"), on="day"
            ),
            marked.filter(pl.col("scope") != EVERY).join(
                other.filter(pl.col("scope") == EVERY).drop("scope"), on="day"
            ),
        ],
        how="diagonal",
    )
    is_other = (name != pl.col("other_name")) | (pl.col("kind") != pl.col("other_kind"))
    # the same name on days that are not this event's is last year's or a neighbour's
    return pairs.filter(is_other | ~pl.col("is_event")).select(*_KEY, "scope", day).unique()


def _compared(days: pl.DataFrame) -> pl.DataFrame:
    """Each event's ratio and interval, from the lines by scope and day."""
    parts = [(*key, *_of_event(part)) for key, part in days.group_by(_KEY, maintain_order=True)]
    names = ("event_days", "compared_days", "line_count", *_EXPECTED)
    schema = {name: pl.Int64 if name.endswith("_days") else pl.Float64 for name in names}
    found = pl.DataFrame(
        parts, schema={**{name: days.schema[name] for name in _KEY}, **schema}, orient="row"
    ).filter(pl.col("event_days") > 0)
    sold, expected = pl.col("line_count"), pl.col("expected_line_count")
    # what hardly sells anything any more still has an upper end: half a line more than there is
    ratio = (sold + 0.5) / (expected + 0.5)
    # of a single day's few neighbours it would be chance: of all events of the kind
    dispersion = pl.col("pearson").sum().over("kind") / pl.col("freedom").sum().over("kind")
    scatter = pl.max_horizontal(dispersion.fill_nan(1.0), pl.lit(1.0))
    deviation = (scatter * (1 / (sold + 0.5) + pl.col("variance") / expected**2)).sqrt()
    is_measured = expected >= _LEAST_LINES
    return found.with_columns(
        effect=pl.when(is_measured).then(sold / expected - 1),
        effect_lower=pl.when(is_measured).then(
            pl.min_horizontal(sold / expected, ratio * (-_DEVIATIONS * deviation).exp()) - 1
        ),
        effect_upper=pl.when(is_measured).then(ratio * (_DEVIATIONS * deviation).exp() - 1),
    )


_EXPECTED: Final = ("expected_line_count", "variance", "pearson", "freedom")


def _of_event(days: pl.DataFrame) -> tuple[float, ...]:
    """Days of the event and compared, lines, and those expected with their scatter."""
    lines, is_event = days["lines"].to_numpy(), days["is_event"].to_numpy()
    found = baseline(
        lines,
        days["scope"].rank("dense").cast(pl.Int64).to_numpy(),
        days["day"].to_physical().cast(pl.Int64).to_numpy(),
        is_event,
    )
    figures = np.array([found.expected, found.variance, found.pearson, found.freedom])
    compared = int((~is_event).sum())
    return int(found.is_used.sum()), compared, lines[found.is_used].sum(), *settled(figures)
