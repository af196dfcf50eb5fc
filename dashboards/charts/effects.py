"""Effects with their intervals: a dot and a line for each, beside the line of no effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.charts import locale
from dashboards.words.words import Words

Chart = dict[str, Any]

_ROW, _AXIS = 34, 60
_NONE = "#8a9399"


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect as a share, and what it is called."""

    name: str
    value: float
    lower: float
    upper: float


def dots(words: Words, effects: Sequence[Effect], titles: tuple[str, str]) -> Chart:
    """Return a dot and an interval for each effect, in their order; `titles` name both axes."""
    values = [_value(words, place, each) for place, each in enumerate(effects)]
    axis = {"format": ".0%", "tickCount": 5, "title": titles[1]}
    tooltip = [
        {"field": "name", "type": "nominal", "title": titles[0]},
        {"field": "value", "type": "quantitative", "title": titles[1], "format": ".1%"},
        {"field": "said", "type": "nominal", "title": words.text("Interval")},
    ]

    def x(field: str) -> Chart:
        return {"field": field, "type": "quantitative", "axis": axis}

    layers = [
        {"mark": {"type": "rule", "color": _NONE}, "encoding": {"x": {"datum": 0}}},
        {
            "mark": {"type": "rule", "strokeWidth": 2.25, "opacity": 0.5},
            "encoding": {"y": _Y, "x": x("lower"), "x2": {"field": "upper"}, "tooltip": tooltip},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {"y": _Y, "x": x("value"), "tooltip": tooltip},
        },
    ]
    return {
        "data": {"values": values},
        "layer": layers,
        "height": _ROW * max(len(values), 2) + _AXIS,
        "config": {"locale": locale.config(words), "view": {"strokeWidth": 0}},
    }


_Y: Chart = {
    "field": "name",
    "type": "nominal",
    "title": None,
    "sort": {"field": "place"},
    "axis": {"labelLimit": 170, "labelOverlap": False, "ticks": False, "domain": False},
}


def _value(words: Words, place: int, each: Effect) -> Chart:
    lower, upper = words.percent(each.lower), words.percent(each.upper)
    return {
        "name": each.name,
        "value": each.value,
        "lower": each.lower,
        "upper": each.upper,
        "place": place,
        "said": words.text("{lower} to {upper}", lower=lower, upper=upper),
    }
