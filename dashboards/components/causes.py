"""What the units that missed a measure have in common, as bars with the largest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboards.components import html, sections, units
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.words import Words

_BARS = 7
BY = "by"


@dataclass(frozen=True, slots=True)
class Cause:
    """One value of a dimension: its name, and how many of its units missed."""

    name: str
    missed_count: int
    counted_count: int


def by_dimension(words: Words, rows: Sequence[Row]) -> dict[str, list[Cause]]:
    """Return the causes by dimension, those with the most misses first.

    A dimension with a single value explains nothing and is left out, but for the weekday.
    """
    names: dict[str, Callable[[Row], str | None]] = {
        "weekday": lambda row: _weekday(words, row["weekday"]),
        "product": lambda row: row["product_name"] or row["product_id"],
        "category": lambda row: row["category_name"],
    }
    found: dict[str, list[Cause]] = {
        dimension: sorted(
            (
                Cause(name, int(row["missed_count"]), int(row["counted_count"]))
                for row in rows
                if (name := name_of(row)) is not None
            ),
            key=lambda cause: (-cause.missed_count, -cause.counted_count, cause.name),
        )
        for dimension, name_of in names.items()
    }
    return {
        dimension: causes
        for dimension, causes in found.items()
        if len(causes) > 1 or (causes and dimension == "weekday")
    }


def show(context: Context, rate: Row, rows: Sequence[Row]) -> None:
    """Show the causes by one dimension, which the address names; nothing where nothing missed."""
    words = context.words
    found = by_dimension(words, rows)
    missed = sum(cause.missed_count for cause in found.get("weekday", ()))
    if not missed:
        return
    st.header(words.text("Where it happens"), anchor=False)
    titles = {
        "weekday": words.text("By weekday"),
        "product": words.text("By product"),
        "category": words.text("By category"),
    }
    parts = {dimension: titles[dimension] for dimension in found}
    chosen = sections.choice(
        context, parts, key="causes_by", name=BY, label=words.text("Causes by")
    )
    causes = found[chosen]
    html.show(
        "bars.html",
        caption=titles[chosen],
        bars=[_bar(words, rate, cause, causes[0], missed) for cause in causes[:_BARS]],
    )
    if len(causes) > _BARS:
        st.caption(
            words.count(
                "The {shown} with the most misses, of {n}.",
                "The {shown} with the most misses, of {n}.",
                len(causes),
                shown=_BARS,
            )
        )
    if chosen != "weekday":
        st.caption(words.text("An order with several products counts with each of them."))


def _bar(words: Words, rate: Row, cause: Cause, largest: Cause, missed: int) -> dict[str, Any]:
    return {
        "name": cause.name,
        "width": round(100 * cause.missed_count / (largest.missed_count or 1), 1),
        "counted": units.missed(words, rate, cause.missed_count, cause.counted_count),
        "share": words.text(
            "{share} of the misses", share=words.percent(cause.missed_count / missed, 0)
        ),
    }


def _weekday(words: Words, number: int | None) -> str | None:
    """Return a day's name; Monday is 1, as in ISO 8601."""
    if number is None:
        return None
    return str(words.locale.days["stand-alone"]["wide"][number - 1])
