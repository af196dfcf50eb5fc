"""Who comes back: cohorts of first buyers as a heat map, and the repeat rate both ways."""

import math
from datetime import date, timedelta
from itertools import groupby

import streamlit as st

from dashboards.components import figures, matrix, tables
from dashboards.components.figures import Figure
from dashboards.components.matrix import Cell
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.words import Words

_SHADES = 5


def verdict(words: Words, rates: Rows) -> str:
    """Return how many of the last cohort that had the time came back, in a sentence."""
    last = _last_cohort(rates, 90)
    if last is None:
        return words.text("No month's first buyers have had ninety days to come back yet.")
    return words.text(
        "Of the {customers} who first bought in {month}, {rate} bought again within 90 days.",
        customers=words.number(last["customers"]),
        month=words.month(last["period_begins"]),
        rate=words.percent(last["repeat_rate"]),
    )


def show_rates(context: Context, rates: Rows) -> None:
    """Show the repeat rate of the last windows, and of the last cohort that had the time."""
    words = context.words
    in_window = {row["day_count"]: row for row in rates if row["definition"] == "window"}
    shown = [
        Figure(
            words.text("Repeat rate, {days} days", days=words.number(days)),
            words.percent(in_window[days]["repeat_rate"]),
            definition=words.text(
                "Customers with two days of purchase or more, of all {customers} who bought in the"
                " last {days} days. Whoever first bought shortly before the end counts against it.",
                customers=words.number(in_window[days]["customers"]),
                days=words.number(days),
            ),
        )
        for days in (90, 365)
        if days in in_window
    ]
    shown += [
        Figure(
            words.text("Back within {days} days", days=words.number(days)),
            words.percent(last["repeat_rate"]),
            definition=words.text(
                "Of the {customers} who first bought in {month}, the last month of which everybody"
                " has had the {days} days.",
                customers=words.number(last["customers"]),
                month=words.month(last["period_begins"]),
                days=words.number(days),
            ),
        )
        for days in (30, 90, 365)
        if (last := _last_cohort(rates, days)) is not None
    ]
    figures.show(context, shown)


def show_heat(context: Context, cells: Rows) -> None:
    """Show who of each month's first buyers bought in the months after."""
    words = context.words
    title = words.text("Do those who first bought in a month buy again in later ones?")
    st.header(title, anchor=False)
    later = [row["retention_rate"] for row in cells if row["month_index"] and row["is_complete"]]
    largest = max((rate for rate in later if rate), default=0.0)
    drawn = []
    for month, group in groupby(cells, lambda row: row["cohort_month"]):
        found = list(group)
        heading = f"{words.month(month)} ({words.number(found[0]['customers'])})"
        drawn.append((heading, [_cell(words, row, largest) for row in found[1:]]))
    count = max((len(row) for _, row in drawn), default=0)
    matrix.draw(
        drawn,
        [words.number(number + 1) for number in range(count)],
        caption=title,
        corner=words.text("First bought ↓ months later →"),
    )
    st.caption(
        words.text(
            "Share of the customers, in brackets, who first bought in the month and bought in the"
            " month that is so many later. Empty cells are months to come or that still run; the"
            " darkest is {largest}.",
            largest=words.percent(largest),
        )
    )


def show_repeat_history(context: Context, rates: Rows) -> None:
    """Show for each month's first buyers how many came back within how many days."""
    words = context.words
    title = words.text("Back within 30, 90, 180 and 365 days, by month of the first purchase")
    by_month: dict[date, dict[int, Row]] = {}
    for row in rates:
        if row["definition"] == "cohort":
            by_month.setdefault(row["period_begins"], {})[row["day_count"]] = row
    months: list[Row] = [
        {
            "month": month,
            "customers": next(iter(found.values()))["customers"],
            **{str(days): row["repeat_rate"] for days, row in found.items()},
        }
        for month, found in sorted(by_month.items(), reverse=True)[:24]
    ]
    if not months:
        return
    columns = [
        Column(
            words.text("First bought"),
            lambda row: words.month(row["month"]),
            "strong",
            place="id",
        ),
        Column(
            words.text("Customers"),
            lambda row: words.number(row["customers"]),
            "number",
            place="due",
        ),
        _share(words, 30, "state"),
        _share(words, 90, "amount"),
        _share(words, 180),
        _share(words, 365),
    ]
    with st.expander(title):
        tables.show(columns, months, caption=title)


def _share(words: Words, days: int, place: str = "") -> Column:
    return Column(
        words.text("Within {days} days", days=words.number(days)),
        lambda row: words.percent(row.get(str(days))),
        "number",
        place=place,  # type: ignore[arg-type]
    )


def _cell(words: Words, row: Row, largest: float) -> Cell:
    rate = row["retention_rate"]
    if rate is None or not row["is_complete"]:
        return Cell()
    title = words.text(
        "{active} of {customers}",
        active=words.number(row["active_customers"]),
        customers=words.number(row["customers"]),
    )
    heat = min(_SHADES, math.ceil(rate / largest * _SHADES)) if rate else 0
    return Cell(words.percent(rate, 0 if largest >= 0.1 else 1), title, heat)


def _last_cohort(rates: Rows, days: int) -> Row | None:
    cohorts = [row for row in rates if row["definition"] == "cohort" and row["day_count"] == days]
    return max(cohorts, key=lambda row: row["period_begins"], default=None)


def months_back(last: date, count: int) -> date:
    """Return the first day of the month so many months before that of a day."""
    month = last.replace(day=1)
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
    return month
