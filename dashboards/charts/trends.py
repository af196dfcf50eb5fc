"""Lines over time. Dates are drawn in UTC, so that no browser moves a day into its neighbour.

The charts are written in Vega-Lite itself: Altair would check each of them against its schema on
every run of a page, which took ten times as long as all the rest of it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dashboards.charts import locale
from dashboards.queries.reader import Row
from dashboards.words.words import Words

Chart = dict[str, Any]

_HEIGHT = 210
_LIMIT = "#b8702a"
# Grey on both themes' paper: the period before is beside the matter.
_BEFORE = "#8a9399"
_TICKS = 5
# Every digit, grouped: "0.5k" is nobody's way to write 500.
_NUMBER = ",~f"
# On the axis and beside a point, by the unit of a measure.
_FORMATS = {
    "rate": (".0%", ".1%"),
    "score": (".1f", ".2f"),
    "hours": (".0f", ".1f"),
    "points": (".0f", ".0f"),
}


def per_day(
    words: Words,
    rows: Sequence[Row],
    column: str,
    title: str,
    span: tuple[date, date],
    days_before: int | None = None,
) -> Chart:
    """Return a measure per day with the mean of seven days over it.

    `span` is the first day and the end, exclusive; a day without a row is a zero, and before the
    first row of all nothing is known. `days_before` is how long before the same is drawn once more,
    in grey, where it can be compared.
    """
    values = _every_day(words, rows, column, span, days_before)
    x = _days("day", [value["day"] for value in values])
    tooltip = [_said(words.text("Day")), _number("value", title, ",.0f")]
    if days_before is not None:
        then = {"field": "then", "type": "nominal", "title": words.text("Period before")}
        tooltip.append(then)
    each = {
        "mark": {"type": "bar", "opacity": 0.3, "binSpacing": 1},
        "encoding": {"x": x, "y": _y("value", _NUMBER), "tooltip": tooltip},
    }
    line = _week_mean("value", x, {"type": "line", "strokeWidth": 2.25})
    if days_before is None:
        return _chart(words, values, [each, line])
    muted = {"type": "line", "strokeWidth": 1.5, "color": _BEFORE}
    return _chart(words, values, [each, _week_mean("before", x, muted), line])


def rate_history(words: Words, rows: Sequence[Row], unit: str, limit: str) -> Chart:
    """Return a rate over its windows: what was observed, the estimate in its range, the limit.

    `unit` is rate, score, hours or points; `limit` is the limit in words, beside its line.
    """
    values = [_point(words, row) for row in rows if row["rate"] is not None]
    x = _days("end", [value["end"] for value in values])
    shown, exact = _FORMATS[unit]

    def y(field: str) -> Chart:
        return _y(field, shown) | {"scale": {"zero": False, "nice": True}}

    tooltip = [
        _said(words.text("Period")),
        _number("rate", words.text("Observed"), exact),
        _number("estimate", words.text("Adjusted for chance"), exact),
        _number("orders", words.text("Counted"), ",.0f"),
    ]
    layers: list[Chart] = [
        {
            "mark": {"type": "area", "opacity": 0.18},
            "encoding": {"x": x, "y": y("lower"), "y2": {"field": "upper"}},
        },
        {
            "mark": {"type": "line", "strokeWidth": 2.25},
            "encoding": {"x": x, "y": y("estimate"), "tooltip": tooltip},
        },
        {
            "mark": {"type": "point", "size": 38},
            "encoding": {"x": x, "y": y("rate"), "tooltip": tooltip},
        },
    ]
    limited = [point for point in values if point["limit"] is not None]
    if limited:
        layers += _limit(x, y("limit"), limited, limit)
    return _chart(words, values, layers)


def weeks_expected(words: Words, sales: Sequence[Row], expected: Sequence[Row]) -> Chart:
    """Return sales of weeks that are over, then those expected in their interval, by Mondays."""
    values: list[dict[str, Any]] = [
        {
            "day": _iso(row["week"]),
            "said": words.days(row["week"], row["week"] + timedelta(days=7)),
            "came": float(row["gmv"]),
        }
        for row in sales
    ] + [
        {
            "day": _iso(row["forecast_date"]),
            "said": words.days(row["forecast_date"], row["forecast_date"] + timedelta(days=7)),
            "expected": _float(row["y_mean"]),
            "lower": _float(row["y_lower"]),
            "upper": _float(row["y_upper"]),
        }
        for row in expected
    ]
    x = _days("day", [value["day"] for value in values])
    tooltip = [
        _said(words.text("Week")),
        _number("came", words.text("Actual"), ",.0f"),
        _number("expected", words.text("Expected"), ",.0f"),
        _number("lower", words.text("Lower end"), ",.0f"),
        _number("upper", words.text("Upper end"), ",.0f"),
    ]
    line = {"type": "line", "strokeWidth": 2.25, "point": True}
    layers: list[Chart] = [
        {
            "mark": {"type": "area", "opacity": 0.18},
            "encoding": {"x": x, "y": _y("lower", _NUMBER), "y2": {"field": "upper"}},
        },
        {"mark": line, "encoding": {"x": x, "y": _y("came", _NUMBER), "tooltip": tooltip}},
        {
            "mark": line | {"strokeDash": [5, 4]},
            "encoding": {"x": x, "y": _y("expected", _NUMBER), "tooltip": tooltip},
        },
    ]
    return _chart(words, values, layers)


def _week_mean(field: str, x: Chart, mark: dict[str, Any]) -> Chart:
    """Return a line of means; the first six days have no whole week behind them."""
    return {
        "transform": [
            {
                "window": [
                    {"op": "mean", "field": field, "as": "mean"},
                    {"op": "row_number", "as": "number"},
                ],
                "frame": [-6, 0],
                "sort": [{"field": "day"}],
            },
            {"filter": "datum.number >= 7"},
        ],
        "mark": mark,
        "encoding": {"x": x, "y": _y("mean", _NUMBER)},
    }


def _every_day(
    words: Words,
    rows: Sequence[Row],
    column: str,
    span: tuple[date, date],
    days_before: int | None,
) -> list[dict[str, Any]]:
    found = {row["order_date"]: float(row[column]) for row in rows}
    first, end = max(span[0], min(found, default=span[1])), span[1]
    values = []
    for number in range((end - first).days):
        day = first + timedelta(days=number)
        then = day - timedelta(days=days_before or 0)
        before = found.get(then, 0.0) if days_before is not None else None
        said = f"{words.number(before)} ({words.day(then)})" if before is not None else ""
        values.append(
            {
                "day": _iso(day),
                "said": words.day(day),
                "value": found.get(day, 0.0),
                "before": before,
                "then": said,
            }
        )
    return values


def _limit(x: Chart, y: Chart, points: list[dict[str, Any]], said: str) -> list[Chart]:
    """Return the line of the limit, and its name where the data leaves most room for it."""
    line = {"type": "line", "strokeDash": [5, 4], "strokeWidth": 1.5, "color": _LIMIT}
    first, last = points[0], points[-1]
    at = max(last, first, key=lambda point: abs(point["rate"] - point["limit"]))
    is_above = at["rate"] < at["limit"]
    name = {
        "type": "text",
        "align": "right" if at is last else "left",
        "baseline": "bottom" if is_above else "top",
        "dx": -4 if at is last else 4,
        "dy": -4 if is_above else 4,
        "color": _LIMIT,
        "fontWeight": "bold",
    }
    return [
        {"mark": line, "encoding": {"x": x, "y": y}},
        {
            "transform": [{"filter": {"field": "said", "equal": at["said"]}}],
            "mark": name,
            "encoding": {"x": x, "y": y, "text": {"value": said}},
        },
    ]


def _point(words: Words, row: Row) -> dict[str, Any]:
    return {
        # The window's last day, not its exclusive end: the axis ends where the data ends.
        "end": _iso(row["window_end"] - timedelta(days=1)),
        "said": words.days(row["window_start"], row["window_end"]),
        "rate": _float(row["rate"]),
        "estimate": _float(row["rate_estimate"]),
        "lower": _float(row["rate_lower"]),
        "upper": _float(row["rate_upper"]),
        "limit": _float(row["threshold"]),
        "orders": float(row["denominator"]),
    }


def _days(field: str, days: Sequence[str]) -> Chart:
    """Return an axis of days whose labels are days that are there, the last among them."""
    last = len(days) - 1
    places = sorted({round(last * number / (_TICKS - 1)) for number in range(_TICKS)})
    axis = {
        "format": "%d %b %y",
        "labelAngle": 0,
        "labelOverlap": True,
        # The last day is named too: its label ends where the axis does.
        "labelFlush": True,
        "grid": False,
        "values": [_moment(days[place]) for place in places if days],
    }
    return {
        "field": field,
        "type": "temporal",
        "timeUnit": "utcyearmonthdate",
        "title": None,
        "axis": axis,
    }


def _moment(day: str) -> dict[str, Any]:
    year, month, number = (int(part) for part in day[:10].split("-"))
    return {"year": year, "month": month, "date": number, "utc": True}


def _y(field: str, number_format: str) -> Chart:
    axis = {"format": number_format, "tickCount": _TICKS, "title": None}
    return {"field": field, "type": "quantitative", "axis": axis}


def _said(title: str) -> Chart:
    return {"field": "said", "type": "nominal", "title": title}


def _number(field: str, title: str, number_format: str) -> Chart:
    return {"field": field, "type": "quantitative", "title": title, "format": number_format}


def _chart(words: Words, values: list[dict[str, Any]], layers: list[Chart]) -> Chart:
    return {
        "data": {"values": values},
        "layer": layers,
        "height": _HEIGHT,
        "config": {"locale": locale.config(words), "view": {"strokeWidth": 0}},
    }


def _iso(day: date) -> str:
    # With a time, because browsers read a bare date as UTC but a chart would show it in local time.
    return f"{day.isoformat()}T00:00:00Z"


def _float(value: float | Decimal | None) -> float | None:
    return None if value is None else float(value)
