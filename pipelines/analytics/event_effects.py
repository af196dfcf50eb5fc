"""What sales, holidays and peaks did to the number of order lines.

Lines on an event's days against those of the same weekdays before and after, of
the same categories, as `mart_promo_effect` compares them: counts scatter more than Poisson's by
Pearson's statistic of the comparable days per degree of freedom (McCullagh and Nelder 1989,
Generalized linear models, 4.5), and the interval is that of the ratio's logarithm.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from pipelines.analytics.sales_drivers import EVERY
from pipelines.analytics.special_days import special_days

# Days between an event's and those it is compared with. In twice as many the season changes: Black
# Friday lies below Christmas, and the days after it beyond.
_APART: Final = timedelta(days=14)
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
    measured = _compared(_weekdays(over, sales, first, known))
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


def _weekdays(over: pl.DataFrame, sales: pl.DataFrame, first: date, known: date) -> pl.DataFrame:
    """By event, scope and weekday the days and lines of the event, and of comparable days."""
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
    weekday = pl.col("day").dt.weekday().alias("weekday")
    counted = (
        marked.join(rivals, on=[*_KEY, "scope", "day"], how="anti")
        .join(lines, left_on=["scope", "day"], right_on=["scope", "order_date"], how="left")
        .with_columns(weekday, pl.col("lines").fill_null(0).cast(pl.Float64))
    )
    event, lines_of = pl.col("is_event"), pl.col("lines")
    return counted.group_by(*_KEY, "scope", "weekday").agg(
        days=event.sum(),
        compared=(~event).sum(),
        sold=lines_of.filter(event).sum(),
        usual=lines_of.filter(~event).sum(),
        squared=lines_of.filter(~event).pow(2).sum(),
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


def _compared(weekdays: pl.DataFrame) -> pl.DataFrame:
    """Each event's ratio and interval, from the sums by scope and weekday."""
    days, compared, usual = (
        pl.col(name).cast(pl.Float64) for name in ("days", "compared", "usual")
    )
    used = weekdays.filter((days > 0) & (compared > 0)).with_columns(
        expected=days * usual / compared,
        variance=days**2 * usual / compared**2,
        pearson=pl.when(usual > 0).then((compared * pl.col("squared") - usual**2) / usual),
        freedom=pl.when(usual > 0).then(compared - 1).otherwise(0.0),
    )
    summed = (
        used.sort(*_KEY, "scope", "weekday")
        .group_by(_KEY, maintain_order=True)
        .agg(
            event_days=pl.col("days").sum(),
            compared_days=pl.col("compared").sum(),
            line_count=pl.col("sold").sum(),
            expected_line_count=pl.col("expected").sum(),
            variance=pl.col("variance").sum(),
            pearson=pl.col("pearson").sum(),
            freedom=pl.col("freedom").sum(),
        )
    )
    sold, expected = pl.col("line_count"), pl.col("expected_line_count")
    # what hardly sells anything any more still has an upper end: half a line more than there is
    ratio = (sold + 0.5) / (expected + 0.5)
    # of a single day's few neighbours it would be chance: of all events of the kind
    dispersion = pl.col("pearson").sum().over("kind") / pl.col("freedom").sum().over("kind")
    scatter = pl.max_horizontal(dispersion.fill_nan(1.0), pl.lit(1.0))
    deviation = (scatter * (1 / (sold + 0.5) + pl.col("variance") / expected**2)).sqrt()
    is_measured = expected >= _LEAST_LINES
    return summed.with_columns(
        effect=pl.when(is_measured).then(sold / expected - 1),
        effect_lower=pl.when(is_measured).then(
            pl.min_horizontal(sold / expected, ratio * (-_DEVIATIONS * deviation).exp()) - 1
        ),
        effect_upper=pl.when(is_measured).then(ratio * (_DEVIATIONS * deviation).exp() - 1),
    )
