"""Headline numbers, each with its definition and what it was before."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.components import html, wording
from dashboards.queries.reader import Row


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline number."""

    name: str
    value: str
    before: str = ""
    definition: str = ""


def show(figures: Sequence[Figure]) -> None:
    """Show up to seven numbers side by side."""
    if len(figures) > 7:
        raise ValueError("a page opens with at most seven numbers")
    html.show("figures.html", figures=figures)


def of(
    metrics: dict[str, Row], metric_id: str, fallback_name: str, value: str, before: str
) -> Figure:
    """Return a figure whose name and definition come from the metric registry."""
    metric = metrics.get(metric_id)
    if metric is None:
        return Figure(fallback_name, value, _before(before))
    return Figure(metric["name"], value, _before(before), metric["sentence"] or "")


def _before(text: str) -> str:
    return "" if text in {"", wording.NOTHING} else f"before: {text}"
