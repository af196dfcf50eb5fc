"""Values with their intervals, each against a limit of its own: dots, lines and marks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dashboards.charts import locale
from dashboards.words.words import Words

Chart = dict[str, Any]

_ROW = 26
_LIMIT = "#8a9399"


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between two ends, the limit it is held against, and the ends in words."""

    name: str
    value: float
    lower: float
    upper: float
    limit: float
    said: str


def dots(words: Words, intervals: Sequence[Interval], title: str, *, is_share: bool) -> Chart:
    """Return a dot, a line and a mark at the limit for each, in their order."""
    values = [{**asdict(each), "place": place} for place, each in enumerate(intervals)]
    shape = ".1%" if is_share else ".1f"
    tooltip = [
        {"field": "name", "type": "nominal", "title": words.text("Vendor")},
        {"field": "value", "type": "quantitative", "title": title, "format": shape},
        {"field": "said", "type": "nominal", "title": words.text("Likely range")},
        {"field": "limit", "type": "quantitative", "title": words.text("Limit"), "format": shape},
    ]
    axis = {"format": "~%" if is_share else ".1f", "tickCount": 5, "title": title}

    def x(field: str) -> Chart:
        return {
            "field": field,
            "type": "quantitative",
            "axis": axis,
            "scale": {"zero": is_share},
        }

    marks = {"y": _Y, "tooltip": tooltip}
    layers = [
        {
            "mark": {"type": "rule", "strokeWidth": 2.25, "opacity": 0.5},
            "encoding": {**marks, "x": x("lower"), "x2": {"field": "upper"}},
        },
        {
            "mark": {"type": "tick", "thickness": 2, "size": 18, "color": _LIMIT},
            "encoding": {**marks, "x": x("limit")},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {**marks, "x": x("value")},
        },
    ]
    return {
        "data": {"values": values},
        "layer": layers,
        "height": _ROW * max(len(values), 2),
        "config": {"locale": locale.config(words), "view": {"strokeWidth": 0}},
    }


_Y: Chart = {
    "field": "name",
    "type": "nominal",
    "title": None,
    "sort": {"field": "place"},
    "axis": {"labelLimit": 170, "labelOverlap": False, "ticks": False, "domain": False},
}
