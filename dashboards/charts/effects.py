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
    """An effect and what it is called."""

    name: str
    value: float
    lower: float
    upper: float


def dots(
    words: Words, effects: Sequence[Effect], titles: tuple[str, str], *, decimals: int | None = None
) -> Chart:
    """Return a dot and an interval for each effect, in their order; `titles` name both axes.

    Effects are shares, written as percentages, unless they have `decimals`.
    """
    values = [_value(words, place, each, decimals) for place, each in enumerate(effects)]
    on_axis, exactly = (".0%", ".1%") if decimals is None else (f".{decimals}f",) * 2
    axis = {"format": on_axis, "tickCount": 5, "title": titles[1]}
    tooltip = [
        {"field": "name", "type": "nominal", "title": titles[0]},
        {"field": "value", "type": "quantitative", "title": titles[1], "format": exactly},
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


def _value(words: Words, place: int, each: Effect, decimals: int | None) -> Chart:
    def said(value: float) -> str:
        return words.percent(value) if decimals is None else words.number(value, decimals)

    return {
        "name": each.name,
        "value": each.value,
        "lower": each.lower,
        "upper": each.upper,
        "place": place,
        "said": words.text("{lower} to {upper}", lower=said(each.lower), upper=said(each.upper)),
    }
