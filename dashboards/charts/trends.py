"""Lines over time. Dates are drawn in UTC, so that no browser moves a day into its neighbour."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from dashboards.queries.reader import Row

_HEIGHT = 210
_LIMIT = "#b8702a"


def per_day(rows: Sequence[Row], column: str, title: str) -> alt.LayerChart:
    """Return a measure per day with the mean of seven days over it."""
    values = [{"day": _iso(row["order_date"]), "value": float(row[column])} for row in rows]
    base = alt.Chart(alt.Data(values=values)).encode(x=_days("day"))
    tooltip = [
        alt.Tooltip("utcyearmonthdate(day):T", title="Day", format="%d %b %Y"),
        alt.Tooltip("value:Q", title=title, format=",.0f"),
    ]
    each = base.mark_bar(opacity=0.28, width=alt.RelativeBandSize(0.7)).encode(
        x=alt.X("utcyearmonthdate(day):T", title=None, axis=_day_axis()),
        y=_amounts("value", title),
        tooltip=tooltip,
    )
    smooth = (
        base.transform_window(mean="mean(value)", frame=[-6, 0], sort=[alt.SortField("day")])
        .mark_line(strokeWidth=2.25)
        .encode(y=alt.Y("mean:Q", title=title))
    )
    return _sized(alt.layer(each, smooth))


def rate_history(rows: Sequence[Row], *, is_score: bool) -> alt.LayerChart:
    """Return a rate over its windows, with its likely range and the limit."""
    values = [_point(row) for row in rows if row["rate"] is not None]
    number_format = ".1f" if is_score else ".0%"
    base = alt.Chart(alt.Data(values=values)).encode(x=_days("end"))
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(format=number_format, tickCount=5, title=None)
    band = base.mark_area(opacity=0.18).encode(
        y=alt.Y("lower:Q", scale=scale, axis=axis), y2="upper:Q"
    )
    line = base.mark_line(strokeWidth=2.25, point=alt.OverlayMarkDef(size=38)).encode(
        y=alt.Y("rate:Q", scale=scale, axis=axis),
        tooltip=[
            alt.Tooltip("last:N", title="Window to"),
            alt.Tooltip("rate:Q", title="Value", format=".2f" if is_score else ".1%"),
            alt.Tooltip("orders:Q", title="Reviews" if is_score else "Orders", format=",.0f"),
        ],
    )
    layers: list[Any] = [band, line]
    if any(point["limit"] is not None for point in values):
        layers.append(_limit(base, scale, axis))
    return _sized(alt.layer(*layers))


def _limit(base: alt.Chart, scale: alt.Scale, axis: alt.Axis) -> alt.Chart:
    return base.mark_line(strokeDash=[5, 4], strokeWidth=1.5, color=_LIMIT).encode(
        y=alt.Y("limit:Q", scale=scale, axis=axis)
    )


def _point(row: Row) -> dict[str, Any]:
    return {
        "end": _iso(row["window_end"]),
        "last": _iso(row["window_end"]),
        "rate": row["rate"],
        "lower": row["rate_lower"],
        "upper": row["rate_upper"],
        "limit": row["threshold"],
        "orders": float(row["denominator"]),
    }


def _days(field: str) -> alt.X:
    return alt.X(f"{field}:T", title=None, scale=alt.Scale(type="utc"), axis=_day_axis())


def _day_axis() -> alt.Axis:
    return alt.Axis(format="%d %b %y", labelAngle=0, labelOverlap=True, tickCount=6, grid=False)


def _amounts(field: str, title: str) -> alt.Y:
    return alt.Y(f"{field}:Q", title=title, axis=alt.Axis(format="~s", tickCount=5, title=None))


def _sized(chart: alt.LayerChart) -> alt.LayerChart:
    return chart.properties(height=_HEIGHT).configure_view(strokeWidth=0)


def _iso(day: date) -> str:
    # With a time, because browsers read a bare date as UTC but a chart would show it in local time.
    return f"{day.isoformat()}T00:00:00Z"
