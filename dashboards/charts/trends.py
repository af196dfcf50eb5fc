"""Lines over time. Dates are drawn in UTC, so that no browser moves a day into its neighbour."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt

from dashboards.queries.reader import Row

Chart = alt.LayerChart | alt.FacetChart

_HEIGHT = 210
_LIMIT = "#b8702a"


def per_day(rows: Sequence[Row], column: str, title: str) -> Chart:
    """Return a measure per day with the mean of seven days over it."""
    values = [{"day": _iso(row["order_date"]), "value": float(row[column])} for row in rows]
    base = alt.Chart(_data(values))
    axis = alt.Axis(format="~s", tickCount=5, title=None)
    tooltip = [
        alt.Tooltip("day:T", title="Day", format="%d %b %Y", timeUnit="utcyearmonthdate"),
        alt.Tooltip("value:Q", title=title, format=",.0f"),
    ]
    each = base.mark_bar(opacity=0.3, binSpacing=1).encode(
        x=_days("day"), y=alt.Y("value:Q", axis=axis), tooltip=tooltip
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
        .encode(x=_days("day"), y=alt.Y("mean:Q", axis=axis))
    )
    return _sized(alt.layer(each, smooth))


def rate_history(rows: Sequence[Row], *, is_score: bool) -> Chart:
    """Return a rate over its windows: what was counted, the estimate in its range, the limit."""
    values = [_point(row) for row in rows if row["rate"] is not None]
    number_format = ".1f" if is_score else ".0%"
    base = alt.Chart(_data(values)).encode(x=_days("end"))
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(format=number_format, tickCount=5, title=None)
    band = base.mark_area(opacity=0.18).encode(
        y=alt.Y("lower:Q", scale=scale, axis=axis), y2="upper:Q"
    )
    exact = ".2f" if is_score else ".1%"
    tooltip = [
        alt.Tooltip("last:N", title="Window to"),
        alt.Tooltip("rate:Q", title="Counted", format=exact),
        alt.Tooltip("estimate:Q", title="Estimated", format=exact),
        alt.Tooltip("orders:Q", title="Reviews" if is_score else "Orders", format=",.0f"),
    ]
    line = base.mark_line(strokeWidth=2.25).encode(
        y=alt.Y("estimate:Q", scale=scale, axis=axis), tooltip=tooltip
    )
    counted = base.mark_point(size=38).encode(
        y=alt.Y("rate:Q", scale=scale, axis=axis), tooltip=tooltip
    )
    layers: list[Any] = [band, line, counted]
    if any(point["limit"] is not None for point in values):
        layers.append(_limit(base, scale, axis))
    return _sized(alt.layer(*layers))


def _limit(base: alt.Chart, scale: alt.Scale, axis: alt.Axis) -> Any:
    return base.mark_line(strokeDash=[5, 4], strokeWidth=1.5, color=_LIMIT).encode(
        y=alt.Y("limit:Q", scale=scale, axis=axis)
    )


def _point(row: Row) -> dict[str, Any]:
    return {
        "end": _iso(row["window_end"]),
        "last": _iso(row["window_end"]),
        "rate": _number(row["rate"]),
        "estimate": _number(row["rate_estimate"]),
        "lower": _number(row["rate_lower"]),
        "upper": _number(row["rate_upper"]),
        "limit": _number(row["threshold"]),
        "orders": float(row["denominator"]),
    }


def _days(field: str) -> alt.X:
    axis = alt.Axis(format="%d %b %y", labelAngle=0, labelOverlap=True, tickCount=5, grid=False)
    return alt.X(f"{field}:T", title=None, timeUnit="utcyearmonthdate", axis=axis)


def _data(values: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def _sized(chart: Chart) -> Chart:
    sized: Chart = chart.properties(height=_HEIGHT).configure_view(strokeWidth=0)
    return sized


def _iso(day: date) -> str:
    # With a time, because browsers read a bare date as UTC but a chart would show it in local time.
    return f"{day.isoformat()}T00:00:00Z"


def _number(value: float | Decimal | None) -> float | None:
    return None if value is None else float(value)
