"""A waterfall: a whole, what is added to it and taken off it, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.charts import locale
from dashboards.words.words import Words

Chart = dict[str, Any]

_ROW = 30
_SIGNS = {"total": "#0f766e", "more": "#5eaaa2", "less": "#8a9399"}


@dataclass(frozen=True, slots=True)
class Step:
    """A part with its sign, or a total of all parts before it; `said` is the amount in words."""

    name: str
    amount: float
    said: str
    is_total: bool = False


def steps(words: Words, parts: Sequence[Step], titles: tuple[str, str]) -> Chart:
    """Return a bar for each part that begins where the one before ended; `titles` name the axes."""
    colours = {"domain": list(_SIGNS), "range": list(_SIGNS.values())}
    tooltip = [
        {"field": "name", "type": "nominal", "title": titles[0]},
        {"field": "said", "type": "nominal", "title": titles[1]},
    ]
    return {
        "data": {"values": _bars(parts)},
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "y": _Y,
            "x": {
                "field": "from",
                "type": "quantitative",
                "axis": {"format": ",.0f", "tickCount": 4, "title": titles[1]},
            },
            "x2": {"field": "to"},
            "color": {"field": "sign", "type": "nominal", "scale": colours, "legend": None},
            "tooltip": tooltip,
        },
        "height": _ROW * max(len(parts), 2),
        "config": {"locale": locale.config(words), "view": {"strokeWidth": 0}},
    }


_Y: Chart = {
    "field": "name",
    "type": "nominal",
    "title": None,
    "sort": {"field": "place"},
    "axis": {"labelLimit": 150, "labelOverlap": False, "ticks": False, "domain": False},
}


def _bars(parts: Sequence[Step]) -> list[Chart]:
    found, reached = [], 0.0
    for place, part in enumerate(parts):
        begin, end = (0.0, part.amount) if part.is_total else (reached, reached + part.amount)
        sign = "total" if part.is_total else "less" if part.amount < 0 else "more"
        found.append(
            {
                "name": part.name,
                "from": begin,
                "to": end,
                "said": part.said,
                "sign": sign,
                "place": place,
            }
        )
        reached = end
    return found
