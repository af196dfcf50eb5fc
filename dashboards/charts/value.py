"""Customers' value: what one of a segment may bring, and what was foretold beside what came."""

from collections.abc import Sequence
from typing import Any

from dashboards.charts import locale
from dashboards.queries.reader import Row
from dashboards.words.words import Words

Chart = dict[str, Any]

_ROW = 30
_HEIGHT = 230
_NUMBER = ",~f"
_TOLD, _CAME = "#0f766e", "#b8702a"
_POINT = {"type": "point", "filled": True, "size": 65, "opacity": 1}


def ranges(
    words: Words, rows: Sequence[Row], names: Sequence[str], money: Sequence[tuple[str, str]]
) -> Chart:
    """Return a point and a range per segment, in their order.

    `money` is what the point and the range are in words, for who points at them.
    """
    values = [
        {
            "said": name,
            "place": place,
            "mean": float(row["mean_clv"]),
            "lower": float(row["mean_lower"]),
            "upper": float(row["mean_upper"]),
            "worth": worth,
            "range": span,
        }
        for place, (row, name, (worth, span)) in enumerate(zip(rows, names, money, strict=True))
    ]
    shared = {
        "y": {
            "field": "said",
            "type": "nominal",
            "title": None,
            "sort": {"field": "place"},
            "axis": {"labelLimit": 150, "labelOverlap": False},
        },
        "tooltip": [
            _text("said", words.text("Segment")),
            _text("worth", words.text("Per customer")),
            _text("range", words.text("Range of a single customer")),
        ],
    }
    span = {"x": _amount("lower", 4), "x2": {"field": "upper"}}
    bar = {"type": "rule", "strokeWidth": 5, "opacity": 0.3}
    layers = [
        {"mark": bar, "encoding": {**shared, **span}},
        {"mark": _POINT, "encoding": {**shared, "x": _amount("mean", 4)}},
    ]
    return _chart(words, values, layers, height=_ROW * len(values) + 30)


def foretold(words: Words, rows: Sequence[Row]) -> Chart:
    """Return orders per customer by tenths of the prediction: a line foretold, points that came."""
    told, came = words.text("Foretold"), words.text("Came")
    values = [
        {
            "decile": int(row["decile"]),
            "series": name,
            "value": float(row[column]) / int(row["customers"]),
            "said": words.number(float(row[column]) / int(row["customers"]), 2),
            "customers": words.number(row["customers"]),
        }
        for row in rows
        for column, name in (("predicted_orders", told), ("actual_orders", came))
    ]
    encoding = _of_deciles(words, [told, came])
    marks: dict[str, dict[str, Any]] = {told: {"type": "line", "strokeWidth": 2.25}, came: _POINT}
    layers = [
        {
            "transform": [{"filter": {"field": "series", "equal": name}}],
            "mark": mark,
            "encoding": encoding,
        }
        for name, mark in marks.items()
    ]
    return _chart(words, values, layers, height=_HEIGHT)


def _of_deciles(words: Words, series: Sequence[str]) -> Chart:
    return {
        "x": {
            "field": "decile",
            "type": "ordinal",
            "title": words.text("Tenths of the customers, the highest prediction last"),
            "axis": {"labelAngle": 0},
        },
        "y": _amount("value", 5),
        "color": {
            "field": "series",
            "type": "nominal",
            "title": None,
            "scale": {"domain": [*series], "range": [_TOLD, _CAME]},
            "legend": {"orient": "top"},
        },
        "tooltip": [
            _text("decile", words.text("Tenth")),
            _text("series", words.text("Orders")),
            _text("said", words.text("Orders per customer")),
            _text("customers", words.text("Customers")),
        ],
    }


def _amount(field: str, ticks: int) -> Chart:
    axis = {"format": _NUMBER, "tickCount": ticks, "title": None}
    return {"field": field, "type": "quantitative", "axis": axis}


def _text(field: str, title: str) -> Chart:
    return {"field": field, "type": "nominal", "title": title}


def _chart(words: Words, values: list[dict[str, Any]], layers: list[Chart], height: int) -> Chart:
    return {
        "data": {"values": values},
        "layer": layers,
        "height": height,
        "config": {"locale": locale.config(words), "view": {"strokeWidth": 0}},
    }
