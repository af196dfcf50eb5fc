"""Figures by day: their sums over any days, and a chart with the period before and its table."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

import streamlit as st

from dashboards.charts import trends
from dashboards.components import figures, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings.periods import Period
from dashboards.queries.reader import Row, Rows

# Charts and sums are given all days there are: how far back the data reaches, and so whether the
# period before may be compared with, shows in them alone.
ALL_DAYS = date.min
# What may be added up over days; rates and averages are published for windows alone.
_SUMMED = ("gmv", "gmv_net", "commission_amount", "order_count")
# Longer periods have a row for each week or month.
_DAYS_OF_DAYS, _DAYS_OF_WEEKS = 31, 100


def totals(rows: Rows, period: Period) -> Row:
    """Return the sums of a period's days as a row of figures, with those of the period before."""
    columns = [column for column in _SUMMED if rows and column in rows[0]]
    first, end = period.span
    found: dict[str, Any] = {
        "window_start": first,
        "window_end": end,
        "order_count": 0,
        **_sums(rows, columns, period.span),
    }
    if before := _before(rows, period):
        sums = _sums(rows, columns, before)
        found |= {f"previous_{column}": value for column, value in sums.items()}
    return found


def _before(rows: Rows, period: Period) -> tuple[date, date] | None:
    return period.before_in(rows[0]["order_date"] if rows else None)


def show(context: Context, rows: Rows, metric_id: str, title: str, period: Period) -> None:
    """Show a figure per day under its title; `rows` are those of `ALL_DAYS`."""
    words = context.words
    shown = tuple(row for row in rows if row["order_date"] <= period.last_day)
    name = figures.name_of(words, metric_id)
    days = period.day_count if _before(shown, period) else None
    st.header(title, anchor=False)
    chart = trends.per_day(words, shown, metric_id, name, period.span, days)
    st.vega_lite_chart(chart)
    st.caption(_caption(context, days))
    if shown:
        with st.expander(words.text("The numbers behind the chart: {title}", title=title)):
            _table(context, shown, metric_id, period, title, days_before=days)


def _caption(context: Context, days: int | None) -> str:
    words = context.words
    if days is None:
        return words.text("Bars are days; the line is the average of the last seven days.")
    return words.count(
        "Bars are days; the line is the average of the last seven days, the grey line the same"
        " {n} day earlier.",
        "Bars are days; the line is the average of the last seven days, the grey line the same"
        " {n} days earlier.",
        days,
    )


def _table(
    context: Context,
    rows: Rows,
    metric_id: str,
    period: Period,
    title: str,
    *,
    days_before: int | None,
) -> None:
    words = context.words
    first, end = max(period.first_day, rows[0]["order_date"]), period.span[1]
    back = timedelta(days=days_before or 0)
    found = [
        {
            "span": span,
            "value": _sums(rows, [metric_id], span)[metric_id],
            "before": _sums(rows, [metric_id], (span[0] - back, span[1] - back))[metric_id],
        }
        for span in parts(first, end)
    ]
    columns = [
        Column(words.text("Period"), lambda row: words.days(*row["span"]), "strong", place="id"),
        Column(
            figures.name_of(words, metric_id),
            lambda row: figures.exactly(context, metric_id, row["value"]),
            "number",
            place="amount",
        ),
    ]
    if days_before is not None:
        before = Column(
            words.text("Period before"),
            lambda row: figures.exactly(context, metric_id, row["before"]),
            "number",
            place="due",
        )
        columns.append(before)
    tables.show(columns, found, caption=title)


def _sums(rows: Rows, columns: Sequence[str], span: tuple[date, date]) -> dict[str, Any]:
    # Rows come in order of their days, and a table asks for the sums of each of its parts.
    first, end = (bisect_left(rows, day, key=itemgetter("order_date")) for day in span)
    return {column: _sum([row[column] for row in rows[first:end]]) for column in columns}


def _sum(values: Sequence[Any]) -> Any:
    """Return the sum of what is known; nothing where only days without orders are."""
    known = [value for value in values if value is not None]
    total = sum(known)
    return total if total or len(known) == len(values) else None


def parts(first: date, end: date) -> Iterator[tuple[date, date]]:
    """Return a span's days, or its weeks, or its months, as spans."""
    length = (end - first).days
    while first < end:
        if length <= _DAYS_OF_WEEKS:
            after = first + timedelta(days=1 if length <= _DAYS_OF_DAYS else 7)
        else:
            after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(after, end)
        first = after
