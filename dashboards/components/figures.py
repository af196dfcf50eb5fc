"""Headline numbers, each with its definition and its change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from dashboards.components import changes, html, wording
from dashboards.components.changes import Change
from dashboards.components.page import against_before
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.names import title_of
from dashboards.words.words import NOTHING, Words

Format = Literal["money", "count", "rate", "score"]

# One format per figure, wherever it is shown.
_FORMATS: dict[str, Format] = {
    "gmv": "money",
    "gmv_net": "money",
    "commission_amount": "money",
    "order_count": "count",
    "average_order_value": "money",
    "late_delivery_rate": "rate",
    "review_score": "score",
    "review_score_by_order_date": "score",
    "gmv_rank": "count",
    "conversion_rate": "rate",
    "visitor_conversion_rate": "rate",
    "bounce_rate": "rate",
    "cart_abandonment_rate": "rate",
    "checkout_abandonment_rate": "rate",
}
# What one side pays is what the other one earns.
_NEITHER_GOOD_NOR_BAD = frozenset({"commission_amount"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline number."""

    name: str
    value: str
    change: Change | None = None
    definition: str = ""
    # Where the catalogue describes it, for whoever has that page.
    link: str = ""


def show(context: Context, figures: Sequence[Figure]) -> None:
    """Show up to seven numbers side by side."""
    if len(figures) > 7:
        raise ValueError("a page opens with at most seven numbers")
    words = context.words
    html.show(
        "figures.html",
        figures=figures,
        what=words.text("What is this?"),
        more=words.text("More in the catalogue"),
    )


def show_all(
    context: Context, metrics: dict[str, Row], now: Row, metric_ids: Sequence[str]
) -> None:
    """Show the metrics that a row of figures has, and say where it lacks some."""
    there = [metric for metric in metric_ids if metric in now]
    show(context, [of(context, metrics, now, metric) for metric in there])
    if len(there) < len(metric_ids):
        st.caption(
            context.words.text(
                "Rates, averages and ranks are shown for the fixed periods, not for other days."
            )
        )


def is_compared(now: Row | None, metric_ids: Sequence[str]) -> bool:
    """Return whether any of the metrics has a value of the period before."""
    return now is not None and any(now.get(f"previous_{each}") is not None for each in metric_ids)


def catalogue_link(metric_id: str) -> str:
    """Return where the catalogue describes a metric."""
    return f"/metrics?{urlencode({'metric': metric_id})}"


def link_for(context: Context, metric_id: str) -> str:
    """Return where the catalogue describes a metric, for whoever has that page, or ""."""
    return catalogue_link(metric_id) if context.has_page("operator_metrics") else ""


def of(
    context: Context, metrics: dict[str, Row], now: Row, metric_id: str, column: str | None = None
) -> Figure:
    """Return a metric's figure from a row of figures; `column` where it is not the metric's id."""
    words, column = context.words, column or metric_id
    metric = metrics.get(metric_id)
    definition = "" if metric is None else words.published(metric["sentence"])
    return Figure(
        name_of(words, metric_id),
        value_of(context, metric_id, now[column]),
        _change(context, metric_id, metric, now, column),
        definition,
        link_for(context, metric_id) if definition else "",
    )


def name_of(words: Words, metric_id: str) -> str:
    """Return what every page calls a figure."""
    return words.published(title_of(metric_id))


def value_of(context: Context, metric_id: str, value: float | None) -> str:
    """Return a figure, or a difference of two, as every page writes it."""
    return _formatted(context, _FORMATS[metric_id], value)


def exactly(context: Context, metric_id: str, value: float | None) -> str:
    """Return a figure as a table writes it, with every digit."""
    if _FORMATS[metric_id] == "money":
        return context.money(value)
    return value_of(context, metric_id, value)


def difference_of(context: Context, metric_id: str, value: float | None) -> str:
    """Return by how much a figure is more or less than it was."""
    words, kind = context.words, _FORMATS[metric_id]
    if value is None:
        return NOTHING
    if kind == "score":
        return words.number(_rounded(value, 2), 2)
    if kind == "rate":
        points = words.number(_rounded(value * 100, 1), 1)
        return words.text("{points} percentage points", points=points)
    return _formatted(context, kind, value)


def _rounded(value: float, decimals: int) -> float:
    """Return a rounded number; nothing is zero, never "-0"."""
    return round(value, decimals) + 0.0


def _change(
    context: Context, metric_id: str, metric: Row | None, now: Row, column: str
) -> Change | None:
    before = now.get(f"previous_{column}")
    if before is None or now[column] is None:
        return None
    words = context.words
    days = (now["window_end"] - now["window_start"]).days
    against = against_before(words, days)
    is_judged = metric is not None and metric_id not in _NEITHER_GOOD_NOR_BAD
    is_higher_better = metric["is_higher_better"] if metric is not None and is_judged else None
    kind = _FORMATS[metric_id]
    return changes.of_figure(
        words, kind, now[column], before, against, is_higher_better=is_higher_better
    )


def _formatted(context: Context, kind: Format, value: float | None) -> str:
    words = context.words
    if value is None:
        return NOTHING
    if kind == "money":
        return words.headline_money(value, context.manifest.currency_code)
    if kind == "rate":
        return words.percent(value)
    return wording.rating(words, value) if kind == "score" else words.number(value)
