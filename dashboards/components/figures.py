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


def of(metrics: dict[str, Row], metric_id: str, name: str, value: str, before: str) -> Figure:
    """Return a figure with a name short enough for a tile and the registry's definition."""
    metric = metrics.get(metric_id)
    definition = f"{metric['name']}: {metric['sentence'] or ''}" if metric else ""
    return Figure(name, value, _before(before), definition)


def _before(text: str) -> str:
    return "" if text in {"", wording.NOTHING} else f"before: {text}"
