"""Lines over time. Dates are drawn in UTC, so that no browser moves a day into its neighbour."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import altair as alt

from dashboards.charts import locale
from dashboards.queries.reader import Row
from dashboards.words.words import Words

Chart = alt.LayerChart | alt.FacetChart

_HEIGHT = 210
_LIMIT = "#b8702a"
_TICKS = 5
# Every digit, grouped: "0.5k" is nobody's way to write 500.
_NUMBER = ",~f"


def per_day(
    words: Words, rows: Sequence[Row], column: str, title: str, span: tuple[date, date]
) -> Chart:
    """Return a measure per day with the mean of seven days over it.

    `span` is the first day and the end, exclusive; a day without a row is a zero, and before the
    first row of all nothing is known.
    """
    values = _every_day(words, rows, column, span)
    base = alt.Chart(_data(values))
    axis = alt.Axis(format=_NUMBER, tickCount=_TICKS, title=None)
    x = _days("day", [value["day"] for value in values])
    tooltip = [
        alt.Tooltip("said:N", title=words.text("Day")),
        alt.Tooltip("value:Q", title=title, format=",.0f"),
    ]
    each = base.mark_bar(opacity=0.3, binSpacing=1).encode(
        x=x, y=alt.Y("value:Q", axis=axis), tooltip=tooltip
    )
    # The first six days have no whole week behind them.
    smooth = (
        base.transform_window(
            mean="mean(value)",
            number="row_number()",
            frame=[-6, 0],
            sort=[alt.SortField("day")],
        )
        .transform_filter("datum.number >= 7")
        .mark_line(strokeWidth=2.25)
        .encode(x=x, y=alt.Y("mean:Q", axis=axis))
    )
    return _sized(words, alt.layer(each, smooth))


def rate_history(words: Words, rows: Sequence[Row], *, is_score: bool, limit: str) -> Chart:
    """Return a rate over its windows: what was observed, the estimate in its range, the limit.

    `limit` is the limit in words, which stands beside its line.
    """
    values = [_point(words, row) for row in rows if row["rate"] is not None]
    number_format = ".1f" if is_score else ".0%"
    base = alt.Chart(_data(values)).encode(x=_days("end", [value["end"] for value in values]))
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(format=number_format, tickCount=_TICKS, title=None)
    band = base.mark_area(opacity=0.18).encode(
        y=alt.Y("lower:Q", scale=scale, axis=axis), y2="upper:Q"
    )
    exact = ".2f" if is_score else ".1%"
    units = words.text("Reviews") if is_score else words.text("Orders")
    tooltip = [
        alt.Tooltip("said:N", title=words.text("Period")),
        alt.Tooltip("rate:Q", title=words.text("Observed"), format=exact),
        alt.Tooltip("estimate:Q", title=words.text("Adjusted for chance"), format=exact),
        alt.Tooltip("orders:Q", title=units, format=",.0f"),
    ]
    line = base.mark_line(strokeWidth=2.25).encode(
        y=alt.Y("estimate:Q", scale=scale, axis=axis), tooltip=tooltip
    )
    counted = base.mark_point(size=38).encode(
        y=alt.Y("rate:Q", scale=scale, axis=axis), tooltip=tooltip
    )
    layers: list[Any] = [band, line, counted]
    if any(point["limit"] is not None for point in values):
        layers += _limit(base, values, limit, scale, axis)
    return _sized(words, alt.layer(*layers))


def _every_day(
    words: Words, rows: Sequence[Row], column: str, span: tuple[date, date]
) -> list[dict[str, Any]]:
    found = {row["order_date"]: float(row[column]) for row in rows}
    first, end = max(span[0], min(found, default=span[1])), span[1]
    days = (first + timedelta(days=number) for number in range((end - first).days))
    return [
        {"day": _iso(day), "said": words.day(day), "value": found.get(day, 0.0)} for day in days
    ]


def _limit(
    base: alt.Chart, values: list[dict[str, Any]], label: str, scale: alt.Scale, axis: alt.Axis
) -> list[Any]:
    """Return the line of the limit and its name, above the line at its beginning."""
    y = alt.Y("limit:Q", scale=scale, axis=axis)
    line = base.mark_line(strokeDash=[5, 4], strokeWidth=1.5, color=_LIMIT).encode(y=y)
    first = [point for point in values if point["limit"] is not None][:1]
    name = (
        alt.Chart(_data(first))
        .mark_text(align="left", baseline="bottom", dx=4, dy=-4, color=_LIMIT, fontWeight="bold")
        .encode(
            x=alt.X("end:T", timeUnit="utcyearmonthdate"),
            y=y,
            text=alt.value(label),
        )
    )
    return [line, name]


def _point(words: Words, row: Row) -> dict[str, Any]:
    return {
        # The window's last day, not its exclusive end: the axis ends where the data ends.
        "end": _iso(row["window_end"] - timedelta(days=1)),
        "said": words.days(row["window_start"], row["window_end"]),
        "rate": _number(row["rate"]),
        "estimate": _number(row["rate_estimate"]),
        "lower": _number(row["rate_lower"]),
        "upper": _number(row["rate_upper"]),
        "limit": _number(row["threshold"]),
        "orders": float(row["denominator"]),
    }


def _days(field: str, days: Sequence[str]) -> alt.X:
    """Return an axis of days whose labels are days that are there, the last among them."""
    last = len(days) - 1
    places = sorted({round(last * number / (_TICKS - 1)) for number in range(_TICKS)})
    axis = alt.Axis(
        format="%d %b %y",
        labelAngle=0,
        labelOverlap=True,
        # The last day is named too: its label ends where the axis does.
        labelFlush=True,
        grid=False,
        values=[_moment(days[place]) for place in places if days],
    )
    return alt.X(f"{field}:T", title=None, timeUnit="utcyearmonthdate", axis=axis)


def _moment(day: str) -> alt.DateTime:
    year, month, number = (int(part) for part in day[:10].split("-"))
    return alt.DateTime(year=year, month=month, date=number, utc=True)


def _data(values: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def _sized(words: Words, chart: Chart) -> Chart:
    sized: Chart = (
        chart.properties(height=_HEIGHT)
        .configure(locale=locale.config(words))
        .configure_view(strokeWidth=0)
    )
    return sized


def _iso(day: date) -> str:
    # With a time, because browsers read a bare date as UTC but a chart would show it in local time.
    return f"{day.isoformat()}T00:00:00Z"


def _number(value: float | Decimal | None) -> float | None:
    return None if value is None else float(value)
